using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace OffGridFlow.Infrastructure.Persistence;

/// <summary>For <c>eng/add-migration.sh</c>: the model is all the tool needs, no server is asked.</summary>
internal sealed class DesignTimeContextFactory : IDesignTimeDbContextFactory<OffGridFlowDbContext>
{
    public OffGridFlowDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<OffGridFlowDbContext>().UseNpgsql("Host=design-time").Options);
}
