using OffGridFlow.Web;

var builder = WebApplication.CreateBuilder(args);
builder.Services.AddUi();
builder.Services.AddAuthentication();
builder.Services.AddAuthorization();
var app = builder.Build();
app.UseStatusCodePagesWithReExecute("/not-found");
app.UseAuthentication();
app.UseAuthorization();
app.UseAntiforgery();
app.MapUi();
await app.RunAsync();
