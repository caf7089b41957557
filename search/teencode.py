"""Short forms that Vietnamese writers use, with what they mean.

Only short forms that mean one thing wherever they are met stand here. Those with several meanings
("k" is không, thousand and Campuchia; "ac" is anh chị and an English word) are left to the rules.
Keys are folded, values are kept forms; no word of a value is itself a key.
"""

from search.syllables import SYLLABLES

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
