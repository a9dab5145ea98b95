# The server with its client and GDAL, as one image. The database is another container: see compose.yaml.

FROM node:22-bookworm-slim AS client
WORKDIR /src/MapClient
COPY MapClient/package.json MapClient/package-lock.json ./
RUN npm ci --no-audit --no-fund
COPY MapClient/ ./
# Writes /src/Server/wwwroot.
RUN npm run build

FROM mcr.microsoft.com/dotnet/sdk:10.0 AS server
ENV DOTNET_CLI_TELEMETRY_OPTOUT=1 DOTNET_NOLOGO=1
WORKDIR /src
COPY global.json Directory.Build.props Directory.Packages.props .editorconfig ./
COPY Geo/Geo.csproj Geo/
COPY SampleCity/SampleCity.csproj SampleCity/
COPY Server/Server.csproj Server/
RUN dotnet restore Server
COPY Geo/ Geo/
COPY SampleCity/ SampleCity/
COPY Server/ Server/
COPY data/ data/
COPY --from=client /src/Server/wwwroot Server/wwwroot
RUN dotnet publish Server -c Release --no-restore -o /app

FROM mcr.microsoft.com/dotnet/aspnet:10.0
RUN apt-get update \
    && apt-get install -y --no-install-recommends gdal-bin curl \
    && rm -rf /var/lib/apt/lists/*
WORKDIR /app
COPY --from=server /app ./
ENV GRIDMAP_LISTEN=0.0.0.0 PORT=5080
EXPOSE 5080
USER $APP_UID
HEALTHCHECK --interval=10s --timeout=5s --start-period=60s --retries=6 CMD curl -fsS "http://127.0.0.1:$PORT/health/ready"
ENTRYPOINT ["dotnet", "GridMap.Server.dll"]
CMD ["serve"]
