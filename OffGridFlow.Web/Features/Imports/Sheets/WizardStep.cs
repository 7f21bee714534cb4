namespace OffGridFlow.Web.Features.Imports.Sheets;

/// <summary>Where somebody is on the way of a file into the ledger.</summary>
public enum WizardStep
{
    Upload,
    Sheet,
    Columns,
    Check,
    Load,
    Receipt,
}
