using Microsoft.AspNetCore.Components;
using Radzen;

namespace OffGridFlow.Web.Shared;

/// <summary>Short messages at the edge of the page. Never the only place of a message that somebody must read.</summary>
public static class Toasts
{
    /// <summary>Milliseconds.</summary>
    private const double Stays = 8000;

    /// <summary>Milliseconds; an error stays until the reader closes it.</summary>
    private const double ErrorStays = 86_400_000;

    /// <param name="page">The component that is rendered anew after the undo.</param>
    /// <param name="undo">What the button takes back; null without one.</param>
    public static void Tell(
        this NotificationService notifications, object page, NotificationSeverity severity, string summary, string detail, Func<Task>? undo = null) =>
        notifications.Notify(new NotificationMessage
        {
            Severity = severity,
            Summary = summary,
            Duration = severity == NotificationSeverity.Error ? ErrorStays : Stays,
            CloseAriaLabel = "Close this message",
            DetailContent = service => builder =>
            {
                builder.AddContent(0, detail);
                if (undo is null) return;
                builder.OpenElement(1, "button");
                builder.AddAttribute(2, "type", "button");
                builder.AddAttribute(3, "class", "og-link og-toast-undo");
                builder.AddAttribute(4, "onclick", EventCallback.Factory.Create(page, async () =>
                {
                    service.Messages.Clear();
                    await undo();
                }));
                builder.AddContent(5, "Undo");
                builder.CloseElement();
            },
        });
}
