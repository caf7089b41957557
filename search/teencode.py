"""Short forms that Vietnamese writers use, with what they mean.

Only short forms that mean one thing wherever they are met stand here. Those with several meanings
("k" is không, thousand and Campuchia; "ac" is anh chị and an English word) are left to the rules.
Keys are folded, values are kept forms; no word of a value is itself a key.
"""

from search.syllables import SYLLABLES, words

_PAIRS = """
ko=không kg=không khg=không hok=không hk=không
kp=không phải kpai=không phải kbiet=không biết kbit=không biết
ng=người ngta=người ta ngt=người ta mn=mọi người mng=mọi người
dc=được dj=đi nguoj=người vs=với
lh=liên hệ lhe=liên hệ lienhe=liên hệ ib=inbox inb=inbox ibox=inbox ibx=inbox imbox=inbox
tele=telegram telee=telegram tlg=telegram tgram=telegram zl=zalo zal=zalo dalo=zalo jalo=zalo
sdt=số điện thoại dt=điện thoại dthoai=điện thoại fb=facebook face=facebook mess=messenger
cmt=bình luận cmnd=chứng minh nhân dân cccd=căn cước công dân
tr=triệu trd=triệu đồng dola=đô la
vjec=việc lm=làm lun=luôn nv=nhân viên nvu=nhiệm vụ
ctv=cộng tác viên cty=công ty cti=công ty xkld=xuất khẩu lao động ldpt=lao động phổ thông
cskh=chăm sóc khách hàng kn=kinh nghiệm knghiem=kinh nghiệm kng=kinh nghiệm ycau=yêu cầu
mth=mang thai hộ bhxh=bảo hiểm xã hội hdld=hợp đồng lao động
cpc=campuchia campc=campuchia kampuchia=campuchia cambodia=campuchia campuchea=campuchia campu=campuchia
myan=myanmar dloan=đài loan dailoan=đài loan tq=trung quốc hq=hàn quốc nb=nhật bản
sg=sài gòn saigon=sài gòn hn=hà nội hcm=hồ chí minh tphcm=hồ chí minh hnoi=hà nội
bavec=bavet mocbai=mộc bài
uytin=uy tín gd=gia đình gdinh=gia đình ae=anh em ce=chị em ace=anh chị em
bn=bạn bnao=bạn nào anhchi=anh chị mih=mình mk=mình mik=mình mjk=mình mjnh=mình
ntn=như thế nào bnhieu=bao nhiêu bnhiu=bao nhiêu bjo=bây giờ hnay=hôm nay
trc=trước trk=trước cug=cũng cx=cũng cg=cũng
onl=online off=offline frelancer=freelancer freelance=freelancer nyc=người yêu cũ
stk=số tài khoản
"""


def _read() -> dict[str, str]:
    """Keys may be followed by values of several words, so a pair ends where the next key begins."""
    table: dict[str, str] = {}
    key = ""
    for item in _PAIRS.split():
        if "=" in item:
            key, value = item.split("=", 1)
            table[key] = value
        else:
            table[key] += " " + item
    return table


#: Folded short form -> kept long form (one or more words). What is also a syllable stays a syllable.
TEENCODE = {key: value for key, value in _read().items() if key not in SYLLABLES}

#: The two letters of a flag -> the country as Vietnamese call it.
FLAGS = {
    pair[:2]: pair[3:].replace("_", " ")
    for pair in words("""
kh=campuchia la=lào mm=myanmar th=thái_lan cn=trung_quốc tw=đài_loan hk=hồng_kông mo=macau kr=hàn_quốc
kp=triều_tiên jp=nhật_bản ph=philippines my=malaysia sg=singapore id=indonesia bn=brunei tl=đông_timor
vn=việt_nam in=ấn_độ pk=pakistan bd=bangladesh np=nepal lk=sri_lanka mn=mông_cổ ae=dubai qa=qatar
sa=ả_rập_xê_út kw=kuwait om=oman bh=bahrain jo=jordan il=israel lb=lebanon tr=thổ_nhĩ_kỳ cy=síp ru=nga
by=belarus ua=ukraine kz=kazakhstan uz=uzbekistan ge=gruzia pl=ba_lan ro=romania hu=hungary cz=séc
sk=slovakia bg=bulgaria rs=serbia hr=croatia si=slovenia lt=litva lv=latvia ee=estonia gr=hy_lạp al=albania
gb=anh ie=ireland fr=pháp de=đức be=bỉ nl=hà_lan lu=luxembourg ch=thụy_sĩ at=áo it=ý es=tây_ban_nha
pt=bồ_đào_nha dk=đan_mạch se=thụy_điển no=na_uy fi=phần_lan us=mỹ ca=canada mx=mexico br=brazil au=úc
nz=new_zealand za=nam_phi ng=nigeria ao=angola eg=ai_cập ke=kenya gh=ghana eu=châu_âu
""")
}

#: Onsets as they are heard, and how they are spelled.
SOUNDS = (("f", "ph"), ("w", "qu"), ("j", "gi"))
#: The same, only where diacritics tell that it is no foreign word.
SOUNDS_MARKED = (
    ("z", "v"),
    ("z", "d"),
    ("z", "gi"),
    ("dz", "v"),
    ("dz", "d"),
    ("ka", "ca"),
    ("ko", "co"),
    ("ku", "cu"),
    ("ngi", "nghi"),
    ("nge", "nghe"),
)
#: Syllables as they are said in the south or among the young, with what they are in a dictionary. Only those
#: that are no other word.
SPOKEN = {
    pair[: pair.index("=")]: pair[pair.index("=") + 1 :]
    for pair in words(
        "ngừi=người ngưi=người ngìu=người mún=muốn nhìu=nhiều bik=biết bjt=biết pít=biết"
    )
}
