# Same Image Locator for a NAS: docs/how-to/nas.md tells how it is used, compose.yaml how it is started.
FROM python:3.13-slim AS build
WORKDIR /source
COPY . .
RUN python -m venv /opt/sil \
 && /opt/sil/bin/pip install --no-cache-dir --no-compile ".[all]"

FROM python:3.13-slim
COPY --from=build /opt/sil /opt/sil
# Whoever runs it, by PUID and PGID of compose.yaml, has to write here.
RUN mkdir --mode=1777 /cache /data
ENV PATH=/opt/sil/bin:$PATH \
    PYTHONUNBUFFERED=1 \
    SIL_CACHE_DIR=/cache \
    SIL_DATA_DIR=/data \
    SIL_DECISION_FOLDER=/photos/_DECISION_DUPES \
    SIL_NO_OPEN=1
VOLUME ["/cache", "/data"]
USER 1000:1000
WORKDIR /photos
EXPOSE 5173
STOPSIGNAL SIGTERM
ENTRYPOINT ["sil"]
CMD ["/photos"]
