using System.Globalization;
using Microsoft.AspNetCore.Components;
using Microsoft.AspNetCore.Components.Rendering;
using Microsoft.JSInterop;
using OffGridFlow.Infrastructure.Identity;
using OffGridFlow.Web.Shared;
using Radzen;

namespace OffGridFlow.Web.Features.Identity;

public sealed partial class ApiKeysPage
{
    private const string MadeId = "key-made";

    private static readonly int[] Spans = [30, 90, 365];

    private IReadOnlyList<ApiKeyRow>? _keys;
    private Form? _form;
    private IReadOnlyList<ApiKeyFault> _faults = [];
    private ApiKeyOutcome.Created? _made;
    private Failure? _failure;
    private string _failed = "";
    private string? _focus;
    private bool _busy;

    [Inject] private IApiKeys Keys { get; set; } = default!;
    [Inject] private DialogService Dialogs { get; set; } = default!;
    [Inject] private NotificationService Notifications { get; set; } = default!;
    [Inject] private NavigationManager Navigation { get; set; } = default!;
    [Inject] private TimeProvider Clock { get; set; } = default!;
    [Inject] private IJSRuntime Js { get; set; } = default!;

    protected override string Asked => "API keys";

    private DateTimeOffset Now => Clock.GetUtcNow();

    private DateOnly Today => DateOnly.FromDateTime(Now.UtcDateTime);

    protected override Task OnInitializedAsync() => ReloadAsync();

    protected override async Task LoadAsync(CancellationToken cancellationToken) => _keys = await Keys.ListAsync(cancellationToken);

    /// <summary>The keyboard follows what appeared: the form's first field, or the key that was made.</summary>
    protected override async Task OnAfterRenderAsync(bool firstRender)
    {
        if (_focus is not { } selector) return;
        _focus = null;
        await Js.InvokeVoidAsync("OffGridFlow.focus", Stopped, selector);
    }

    private static string Key(DateOnly day) => day.ToString("yyyy-MM-dd", CultureInfo.InvariantCulture);

    private bool IsOpen(ApiKeyRow key) => key.StateAt(Now) is ApiKeyState.InUse or ApiKeyState.ExpiresSoon;

    private string Example(ApiKeyOutcome.Created made) => ApiKeyWords.Example(new Uri(Navigation.BaseUri), made.Key, made.Row.Scopes);

    private string? Invalid(string field) => _faults.Any(fault => fault.Field == field) ? "true" : null;

    private string? InvalidClass(string field) => Invalid(field) is null ? null : "invalid";

    private RenderFragment ErrorOf(string field) => (RenderTreeBuilder builder) =>
    {
        foreach (var fault in _faults.Where(fault => fault.Field == field))
        {
            builder.OpenElement(0, "div");
            builder.AddAttribute(1, "class", "validation-message");
            builder.AddAttribute(2, "role", "alert");
            builder.AddContent(3, fault.Message);
            builder.CloseElement();
        }
    };

    private void Begin()
    {
        (_form, _made, _faults, _failure) = (new Form { Day = Today.AddDays(Spans[1]) }, null, [], null);
        _focus = "#key-name";
    }

    private void Done() => (_form, _made, _faults) = (null, null, []);

    private async Task CreateAsync()
    {
        if (_form is not { } form || _busy) return;
        (_busy, _failure) = (true, null);
        try
        {
            switch (await Keys.CreateAsync(new NewApiKey(form.Name, [.. form.Scopes], form.Days is { } days ? Today.AddDays(days) : form.Day), Stopped))
            {
                case ApiKeyOutcome.Refused refused:
                    _faults = refused.Faults;
                    break;
                case ApiKeyOutcome.Created created:
                    (_made, _form, _faults) = (created, null, []);
                    _focus = "#" + MadeId;
                    await ReloadAsync(quietly: true);
                    break;
            }
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            (_failure, _failed) = (Failures.Report(exception, "New API key"), "No key was made");
        }

        _busy = false;
    }

    private async Task RevokeAsync(ApiKeyRow key)
    {
        var options = new ConfirmOptions { OkButtonText = "Revoke key", CancelButtonText = "Keep it", Width = "min(520px, 94vw)", CloseDialogOnEsc = true };
        // As a fragment: Radzen takes a string for markup, and names are people's.
        if (await Dialogs.Confirm(builder => builder.AddContent(0, ApiKeyWords.RevokeWords(key)), $"Revoke “{key.Name}”?", options) != true) return;
        (_busy, _failure) = (true, null);
        try
        {
            var done = await Keys.RevokeAsync(key.Id, Stopped);
            Notifications.Tell(
                this, done ? NotificationSeverity.Success : NotificationSeverity.Info, done ? "Key revoked" : "The key is not there any more", key.Name);
            if (_made?.Row.Id == key.Id) _made = null;
        }
        catch (Exception exception) when (exception is not OperationCanceledException)
        {
            (_failure, _failed) = (Failures.Report(exception, "Revoke API key"), "The key was not revoked");
        }

        _busy = false;
        await ReloadAsync(quietly: true);
    }

    private sealed class Form
    {
        public string Name { get; set; } = "";
        public HashSet<string> Scopes { get; set; } = [];

        /// <summary>Null for a day of the person's choice.</summary>
        public int? Days { get; set; } = Spans[1];
        public DateOnly Day { get; set; }

        public void Set(string scope, bool chosen)
        {
            if (chosen) Scopes.Add(scope);
            else Scopes.Remove(scope);
        }
    }
}
