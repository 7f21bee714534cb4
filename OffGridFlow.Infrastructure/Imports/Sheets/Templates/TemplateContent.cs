using OffGridFlow.Infrastructure.ActivityData;

namespace OffGridFlow.Infrastructure.Imports.Sheets.Templates;

/// <param name="Name">As it is written in the file and read back.</param>
/// <param name="Units">The usual first.</param>
internal sealed record TemplateType(string Name, ActivityChoice Choice, IReadOnlyList<string> Units);

/// <summary>What a template offers to choose from.</summary>
/// <param name="MadeBy">The person for whom it is made.</param>
internal sealed record TemplateContent(IReadOnlyList<string> Sites, IReadOnlyList<TemplateType> Types, IReadOnlyList<string> Gases, string MadeBy, DateTimeOffset MadeAt);
