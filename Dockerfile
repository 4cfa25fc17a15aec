# docker build -t vasiliasbot .    (docs/deployment.md; tests/commands/docker.test.ts lints it and takes its steps)
ARG NODE_VERSION=22

FROM node:${NODE_VERSION}-bookworm-slim AS build
WORKDIR /app
ENV NUXT_TELEMETRY_DISABLED=1 PLAYWRIGHT_SKIP_BROWSER_DOWNLOAD=1
COPY package.json package-lock.json .npmrc ./
RUN npm ci --include=dev --no-audit --no-fund
COPY . .
RUN npx nuxi prepare && npx nuxi build

# The build stands alone: no npm, no node_modules of the project, no sources.
FROM node:${NODE_VERSION}-bookworm-slim AS server
WORKDIR /app
RUN mkdir -p /data && chown node:node /data
COPY --from=build /app/.output ./
# HOST: also on the embedded database the port has to be reached from outside of the container.
ENV NODE_ENV=production HOST=0.0.0.0 PORT=3000 DATA_DIR=/data
USER node
VOLUME /data
EXPOSE 3000
STOPSIGNAL SIGTERM
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=3 CMD ["node", "-e", "fetch('http://127.0.0.1:' + process.env.PORT + '/api/health/ready').then(r => process.exit(r.ok ? 0 : 1), () => process.exit(1))"]
CMD ["node", "server/index.mjs"]
