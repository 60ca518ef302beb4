# The server as an image: built in one stage, and of that only package/ in the other, with what it installs.
# `npm run image:check` carries out these steps where there is no container engine.

FROM node:22-bookworm-slim AS build
WORKDIR /src
# What is installed changes less often than the sources: these steps are kept until it does.
COPY package.json package-lock.json .npmrc ./
COPY web/package.json web/
RUN npm ci --no-audit --no-fund
COPY . .
RUN npm run package && cd package && npm ci --omit=dev --no-audit --no-fund

FROM node:22-bookworm-slim
# The first key is kept for `skillett` in this container; everything else lies beside it, or in PostgreSQL.
ENV NODE_ENV=production SKILLETT_HOST=0.0.0.0 SKILLETT_DATA_DIR=/data SKILLETT_CONFIG_FILE=/data/.cli.json
WORKDIR /app
COPY --from=build /src/package ./
RUN install -d -o node -g node -m 0700 /data && ln -s /app/dist/skillett.js /usr/local/bin/skillett
USER node
VOLUME /data
EXPOSE 4747
HEALTHCHECK --interval=30s --timeout=5s --start-period=30s CMD ["node", "-e", "fetch(`http://127.0.0.1:${process.env.SKILLETT_PORT || 4747}/ready`).then((it) => process.exit(it.ok ? 0 : 1), () => process.exit(1))"]
ENTRYPOINT ["skillett"]
CMD ["up"]
