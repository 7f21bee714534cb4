# One image in two roles: `serve` (the default) and `worker`. It carries no database: name one in ConnectionStrings__OffGridFlow.
FROM mcr.microsoft.com/dotnet/sdk:10.0 AS build
# Fonts and icons are npm packages.
RUN apt-get update && apt-get install -y --no-install-recommends nodejs npm && rm -rf /var/lib/apt/lists/*
WORKDIR /src
COPY . .
RUN dotnet publish OffGridFlow.Web -c Release -o /app -p:IncludeEmbeddedPostgres=false

FROM mcr.microsoft.com/dotnet/aspnet:10.0
WORKDIR /app
COPY --from=build /app .
# Documents and the master key; keep it, and back the key up apart from the database.
RUN mkdir /data && chown "$APP_UID" /data
VOLUME /data
ENV ASPNETCORE_URLS=http://+:8080 OFFGRIDFLOW_DATA_DIR=/data
USER $APP_UID
EXPOSE 8080
ENTRYPOINT ["dotnet", "OffGridFlow.Web.dll"]
