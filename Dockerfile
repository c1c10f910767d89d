# Textfirst in one container: everything of `textfirst up`, data in /data. For several machines see docs/guides/install.md.
FROM node:22-slim AS pages
WORKDIR /build
COPY web web
RUN cd web && npm ci --ignore-scripts --no-audit --no-fund && npm run build

FROM python:3.12-slim
RUN useradd --create-home --uid 10001 textfirst && mkdir /data && chown textfirst: /data
WORKDIR /opt/textfirst
COPY requirements/run.lock requirements/run.lock
RUN python -m venv .venv && .venv/bin/pip install --no-cache-dir --quiet --require-hashes --no-deps -r requirements/run.lock
COPY pyproject.toml README.md LICENSE ./
COPY tools/hatch_build.py tools/hatch_build.py
COPY src src
COPY --from=pages /build/src/textfirst/front/app src/textfirst/front/app
RUN .venv/bin/pip install --no-cache-dir --quiet --no-deps --no-build-isolation .
USER textfirst
ENV PATH=/opt/textfirst/.venv/bin:$PATH TEXTFIRST_HOME=/data TEXTFIRST_BIND=0.0.0.0:8000
VOLUME /data
EXPOSE 8000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=30s --timeout=5s --start-period=60s CMD ["python", "-c", "import urllib.request; urllib.request.urlopen('http://127.0.0.1:8000/readyz', timeout=4)"]
CMD ["textfirst", "up"]
