# One image for all process types: its command is a line of the Procfile (web, fanout, sender, clock, release), or
# `admin COMMAND`. It runs as a user without rights, on a file system that may be read-only.
FROM node:20-bookworm-slim AS build
WORKDIR /app
COPY . .
RUN deploy/build

FROM node:20-bookworm-slim
ENV NODE_ENV=production
WORKDIR /app
COPY --from=build /app/package.json /app/Procfile ./
COPY --from=build /app/deploy/run /app/deploy/health.mjs deploy/
COPY --from=build /app/node_modules node_modules
COPY --from=build /app/dist dist
USER node
EXPOSE 3000
HEALTHCHECK --interval=15s --timeout=4s --start-period=20s --retries=3 CMD ["node", "deploy/health.mjs"]
ENTRYPOINT ["deploy/run"]
CMD ["web"]
