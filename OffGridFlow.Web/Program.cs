using OffGridFlow.Web.Startup;

return await CommandLine.RunAsync(args);
