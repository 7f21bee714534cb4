using Microsoft.Playwright;
using OffGridFlow.E2E.Fixture;
using OffGridFlow.Infrastructure.Imports.Samples;
using static Microsoft.Playwright.Assertions;

namespace OffGridFlow.E2E;

/// <summary>Pages and states that no journey passes. The journeys scan those that they meet on their way.</summary>
[Collection(AppFixture.AllTotals)]
public sealed class AccessibilityTests(AppFixture fixture) : PageTest(fixture)
{
    private static readonly Dictionary<string, Func<IPage, Task>> FullStates = new()
    {
        ["overview, chart"] = async page =>
        {
            await page.GotoAsync("/");
            await Expect(page.GetByText("Comparison method, not for disclosure.")).ToBeVisibleAsync();
        },
        ["overview, table"] = async page =>
        {
            await page.GotoAsync("/");
            await page.GetByRole(AriaRole.Radio, new() { Name = "Table" }).CheckAsync();
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Emissions by month" })).ToBeVisibleAsync();
        },
        ["overview, period without data"] = async page =>
        {
            await page.GotoAsync("/?from=2001-01&to=2001-12");
            await Expect(page.GetByText("There are no emissions in this period")).ToBeVisibleAsync();
        },
        ["emissions"] = async page =>
        {
            await page.GotoAsync("/emissions");
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Emissions grouped by" })).ToBeVisibleAsync();
        },
        ["emissions, nothing matches"] = async page =>
        {
            await page.GotoAsync("/emissions?service=NoSuchService");
            await Expect(page.GetByText("Nothing matches these filters")).ToBeVisibleAsync();
        },
        ["emissions, trail that is gone"] = async page =>
        {
            await page.GotoAsync("/emissions?trail=00000000-0000-0000-0000-000000000001");
            await Expect(page.GetByText("There is no current figure at this address.")).ToBeVisibleAsync();
        },
        ["imports, list"] = async page =>
        {
            await page.GotoAsync("/imports");
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Imports, newest first" })).ToBeVisibleAsync();
        },
        ["import that is not here"] = async page =>
        {
            await page.GotoAsync("/imports/00000000-0000-0000-0000-000000000001");
            await Expect(page.GetByText("There is no import with this id")).ToBeVisibleAsync();
        },
        ["period that is not here"] = async page =>
        {
            await page.GotoAsync("/inventory/lock/00000000-0000-0000-0000-000000000001");
            await Expect(page.GetByText("There is no such period")).ToBeVisibleAsync();
        },
        ["spreadsheet that is not here"] = async page =>
        {
            await page.GotoAsync("/imports/activity/00000000-0000-0000-0000-000000000001");
            await Expect(page.GetByText("There is no file with this id that waits to be loaded")).ToBeVisibleAsync();
        },
        ["emissions, columns menu open"] = async page =>
        {
            await OpenFiltersAsync(page, "/emissions");
            await page.Locator(".og-columns-menu summary").ClickAsync();
            await Expect(page.GetByRole(AriaRole.Checkbox, new() { Name = "Embodied emissions" })).ToBeVisibleAsync();
        },
        ["emissions, saved views open"] = async page =>
        {
            await OpenFiltersAsync(page, "/emissions?service=AmazonEC2");
            await page.Locator(".og-views summary").ClickAsync();
            await page.GetByLabel("Save this view as").FillAsync("Compute by region");
            await page.GetByRole(AriaRole.Button, new() { Name = "Save", Exact = true }).ClickAsync();
            // There from an earlier run of this state, or saved now.
            await Expect(page.GetByText("Compute by region").First).ToBeVisibleAsync();
        },
        ["search, with results"] = async page =>
        {
            await page.GotoAsync("/emissions");
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Emissions grouped by" })).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("Control+k");
            await page.GetByRole(AriaRole.Combobox, new() { Name = "Search pages" }).FillAsync("a");
            await Expect(page.GetByRole(AriaRole.Group, new() { Name = "Services" })).ToBeVisibleAsync();
        },
        ["search, nothing found"] = async page =>
        {
            await page.GotoAsync("/imports");
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Imports, newest first" })).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("/");
            await page.GetByRole(AriaRole.Combobox, new() { Name = "Search pages" }).FillAsync("zzzz");
            await Expect(page.GetByText("Nothing matches “zzzz”.")).ToBeVisibleAsync();
        },
        ["list of keys"] = async page =>
        {
            await page.GotoAsync("/imports");
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Imports, newest first" })).ToBeVisibleAsync();
            await page.Keyboard.PressAsync("?");
            await Expect(page.GetByRole(AriaRole.Dialog, new() { Name = "Keyboard" })).ToBeVisibleAsync();
        },
        ["factors, details open"] = async page =>
        {
            await page.GotoAsync("/factors?q=natural%20gas&set=epa-hub-2025&unit=scf");
            await page.GetByRole(AriaRole.Button, new() { Name = "open details" }).First.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Table, new() { Name = "by set of potentials" })).ToBeVisibleAsync();
        },
        ["factors, nothing fits"] = async page =>
        {
            await page.GotoAsync("/factors?q=zzzz");
            await Expect(page.GetByText("No factor fits this search.")).ToBeVisibleAsync();
        },
        ["factors, preferences"] = async page =>
        {
            await page.GotoAsync("/factors?view=preferences");
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "Save preferences" })).ToBeVisibleAsync();
        },
        ["audit log, entry open"] = async page =>
        {
            await page.GotoAsync("/audit");
            await page.GetByRole(AriaRole.Button, new() { Name = "Import published" }).First.ClickAsync();
            await Expect(page.GetByRole(AriaRole.Button, new() { Name = "All entries of it" })).ToBeVisibleAsync();
        },
        ["audit log, nothing matches"] = async page =>
        {
            await page.GotoAsync("/audit?q=NoSuchEntry");
            await Expect(page.GetByText("No entry fits this choice.")).ToBeVisibleAsync();
        },
        ["api keys, a key for a day of one's choice"] = async page =>
        {
            await page.GotoAsync("/api-keys");
            await page.GetByRole(AriaRole.Button, new() { Name = "New key" }).ClickAsync();
            await page.GetByRole(AriaRole.Radio, new() { Name = "On another day" }).CheckAsync();
            await Expect(page.GetByLabel("Last day")).ToBeVisibleAsync();
        },
        ["account menu"] = async page =>
        {
            await page.GotoAsync("/");
            await Expect(page.GetByText("Comparison method, not for disclosure.")).ToBeVisibleAsync();
            await page.GetByLabel("account menu of").ClickAsync();
        },
    };

    /// <summary>On a phone the filters are folded away: they are asked for first, so that both widths show the menu.</summary>
    private static async Task OpenFiltersAsync(IPage page, string address)
    {
        await page.GotoAsync(address);
        await Expect(page.GetByRole(AriaRole.Table, new() { Name = "Emissions grouped by" })).ToBeVisibleAsync();
        await page.SetViewportSizeAsync(390, 844);
        await page.GetByRole(AriaRole.Button, new() { Name = "Filter", Exact = true }).ClickAsync();
        await page.SetViewportSizeAsync(1440, 900);
    }

    public static TheoryData<string> States => [.. FullStates.Keys];

    [Theory]
    [MemberData(nameof(States))]
    public async Task FullTenant_HasNoViolations(string state)
    {
        await SignInToFullTenantAsync(path: null);

        await FullStates[state](Page);

        await ScanAsync(state);
    }

    [Fact]
    public async Task EmptyEmissions_HaveNoViolations()
    {
        await SignInToEmptyTenantAsync("/emissions");
        await Expect(Page.GetByText("The ledger holds no activities yet")).ToBeVisibleAsync();

        await ScanAsync("emissions, empty");
    }

    /// <summary>A period, a lease, an entity outside the boundary and an account that is nobody's are written to the database: no journey makes them all.</summary>
    [Fact]
    public async Task Inventory_EmptyAndFull_HasNoViolations()
    {
        var email = await SignInToEmptyTenantAsync("/inventory");
        await Expect(Page.GetByText("An inventory is that of a reporting period, and there is none yet")).ToBeVisibleAsync();
        await ScanAsync("inventory, empty");

        const string Tenant = "(select tenant_id from memberships m join users u on u.id = m.user_id where u.normalized_email = upper($1))";
        await Fixture.App.ExecuteAsync(
            $"""
            with entities as (
              insert into organizations (id, tenant_id, name, country, version) select gen_random_uuid(), {Tenant}, name, 'GB', 1 from (values ('Parent'), ('Venture')) v (name)
              returning id, tenant_id, name),
            held as (
              insert into ownerships (id, tenant_id, parent_id, child_id, share, financial_control, operational_control, version)
              select gen_random_uuid(), p.tenant_id, p.id, v.id, 0.4, false, false, 1 from entities p, entities v where p.name = 'Parent' and v.name = 'Venture'),
            places as (
              insert into sites (id, tenant_id, organization_id, name, country, region, version) select gen_random_uuid(), tenant_id, id, name || ' works', 'GB', 'GB', 1 from entities),
            periods as (
              insert into reporting_periods (id, tenant_id, name, first_day, last_day, state, approach, version)
              values (gen_random_uuid(), {Tenant}, 'FY2025', '2025-01-01', '2025-12-31', 'Open', 'OperationalControl', 1))
            insert into monthly_totals (tenant_id, month, scope, category, scope2_method, provider, account, service, region, usage_class, method, comparison_only, currency, activities,
              activities_without_result, kilowatt_hours, operational_kg_co2e, embodied_kg_co2e, kg_co2e, measured_kg_co2e, defaulted_kg_co2e, biogenic_kg_co2, submitted_kg_co2e, cost,
              unmapped_cost, calculation_method, co2_kg_co2e)
            select {Tenant}, '2025-03-01', scope, category, view, provider, account, service, 'GB', 'None', 'ghg-protocol', false, '', 4, missing, 0, 0, 0, kg, kg / 2, kg / 4, 12, kg / 8, 0, 0, method, kg / 3
            from (values (1, 0, '', 'entry', 'Parent works', 'Natural gas', 0, 12000, 'Fuel'), (2, 0, 'Location', 'entry', 'Parent works', 'Electricity', 1, 8000, 'PurchasedEnergy'),
              (2, 0, 'Market', 'entry', 'Parent works', 'Electricity', 1, 2000, 'PurchasedEnergy'), (3, 6, '', 'entry', 'Parent works', 'Flights', 0, 4000, 'DistanceBased'),
              (1, 0, '', 'entry', 'Venture works', 'Natural gas', 0, 6000, 'Fuel'), (3, 1, '', 'aws', '111122223333', 'AmazonEC2', 0, 3000, 'AverageData'))
              v (scope, category, view, provider, account, service, missing, kg, method)
            """,
            email);
        try
        {
            // Every part of the energy section has rows: each source with one type and with several, production, sale, contracts that say and do not say, two gaps.
            await Fixture.App.ExecuteAsync(
                $"""
                with contracts as (
                  insert into contractual_instruments (id, tenant_id, kind, energy, name, first_day, last_day, site_ids, kg_co2e_per_kwh, criteria_met, criteria_not_met, is_withdrawn,
                    version, renewable_percent)
                  select gen_random_uuid(), {Tenant}, 'PowerPurchaseAgreement', 'Electricity', name, '2025-01-01', '2025-12-31', '{"{}"}', 0, 'None', 'None', false, 1, renewable
                  from (values ('Wind power agreement', 100), ('Nuclear certificates', 0), ('Tariff of the town', null::numeric)) v (name, renewable) returning id, name, tenant_id)
                insert into monthly_energy (tenant_id, month, scope, account, service, carrier, instrument_id, is_unstated, gap, results, kilowatt_hours, renewable_kilowatt_hours,
                  nuclear_kilowatt_hours)
                select t.id, '2025-03-01', scope, 'Parent works', service, carrier, c.id, coalesce(c.name = 'Tariff of the town', false), gap, 4, kwh, renewable, nuclear
                from (values (1, 'Natural gas', 'NaturalGas', null, null, 60000, 0, 0), (1, 'LPG', 'Petroleum', null, null, 9000, 0, 0),
                  (1, 'Diesel in vehicles', 'Petroleum', null, null, 20000, 1000, 0), (2, 'Electricity', 'Purchased', 'Wind power agreement', null, 30000, 30000, 0),
                  (2, 'Electricity', 'Purchased', 'Tariff of the town', null, 5000, 0, 0), (2, 'Electricity', 'Purchased', null, null, 10000, 0, 0),
                  (2, 'Electricity', 'Purchased', 'Nuclear certificates', null, 2000, 0, 2000),
                  (1, 'Own energy without fuel', 'SelfGenerated', null, null, 8000, 8000, 0), (1, 'Power or heat made from own fuel', 'ProducedFromFossil', null, null, 3000, 0, 0),
                  (1, 'Energy sold to others', 'Sold', null, null, 1000, 0, 0), (1, 'Average car, diesel', null, null, 'distance', 0, 0, 0),
                  (1, 'Wood chips', 'RenewableFuel', null, 'no-calorific-value', 0, 0, 0)) v (scope, service, carrier, contract, gap, kwh, renewable, nuclear)
                cross join (select {Tenant} as id) t
                left join contracts c on c.name = v.contract
                """,
                email);
            await ScanFullInventoryAsync();
        }
        finally
        {
            // Totals without results: who proves the totals of all organizations would find them.
            await Fixture.App.ExecuteAsync($"delete from monthly_totals where tenant_id = {Tenant}", email);
            await Fixture.App.ExecuteAsync($"delete from monthly_energy where tenant_id = {Tenant}", email);
        }
    }

    private async Task ScanFullInventoryAsync()
    {
        await Page.ReloadAsync();
        await Expect(Page.GetByText("1 cloud account belongs to no entity on some days.")).ToBeVisibleAsync();
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Inventory of FY2025" }).GetByRole(AriaRole.Row, new() { Name = "Scope 1" })).ToContainTextAsync("12");
        // The energy loads by itself, after the rest.
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Contracts behind the purchased energy of FY2025" })).ToContainTextAsync("Wind power agreement");
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Results without a figure of energy in FY2025" }).GetByRole(AriaRole.Row)).ToHaveCountAsync(3);
        await Expect(Page.GetByRole(AriaRole.Table, new() { Name = "Energy consumption of FY2025 by source" }).GetByRole(AriaRole.Row, new() { Name = "Total" })).ToContainTextAsync("144.0");
        await ScanAsync("inventory, full");

        await Page.GetByRole(AriaRole.Combobox, new() { Name = "Approach" }).SelectOptionAsync("EquityShare");
        await Expect(Page.GetByText("FY2025 is consolidated by operational control.")).ToBeVisibleAsync();
        await Page.GetByRole(AriaRole.Link, new() { Name = "Show the period’s own approach" }).ClickAsync();
        await Expect(Page.GetByText("FY2025 is consolidated by operational control.")).ToBeHiddenAsync();
    }

    /// <summary>States of an import that pass too quickly, or that only a fault brings about, are written to the database.</summary>
    [Theory]
    [InlineData("Queued", "Queued")]
    [InlineData("Running", "Running, ")]
    [InlineData("Failed", "Failed")]
    public async Task Import_InAState_HasNoViolations(string status, string words)
    {
        var email = await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        await UploadAsync(Bills.Month("november.csv", "2023-11", 1));
        await ExpectCompletedAsync();
        await Fixture.App.ExecuteAsync(
            """
            update imports set status = $2, error = case when $2 = 'Failed' then 'The disk is full. Nothing was loaded.' end
            where tenant_id = (select tenant_id from memberships m join users u on u.id = m.user_id where u.normalized_email = upper($1))
            """,
            email, status);

        await Page.ReloadAsync();
        await Expect(Page.GetByRole(AriaRole.Main).GetByText(words).First).ToBeVisibleAsync();

        await ScanAsync("import, " + status);
    }

    [Fact]
    public async Task PageThatFails_GivesAReferenceAndHasNoViolations()
    {
        var email = await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        await UploadAsync(Bills.Month("november.csv", "2023-11", 1));
        await ExpectCompletedAsync();
        await Fixture.App.ExecuteAsync(
            "update imports set status = 'NoSuchStatus' where tenant_id = (select tenant_id from memberships m join users u on u.id = m.user_id where u.normalized_email = upper($1))", email);

        await Page.GotoAsync("/imports");
        await ExpectTitleAsync("The imports could not be loaded; nothing was changed");
        await Expect(Page.GetByText("OGF-").First).ToBeVisibleAsync();

        await ScanAsync("imports, failed to load");
        Fixture.App.Log.ShouldContain(await Page.Locator(".og-error code").First.InnerTextAsync());
    }

    [Fact]
    public async Task Circuit_ThatFails_IsNamedByTheIdThatTheServerLogs()
    {
        await SignInToEmptyTenantAsync();
        await ExpectTitleAsync("There are no emissions yet");

        // As Blazor shows it when a circuit has failed outside every boundary.
        await Page.EvaluateAsync("document.getElementById('blazor-error-ui').style.display = 'block'");

        var message = Page.GetByRole(AriaRole.Alert).Filter(new() { HasText = "The page stopped working" });
        await Expect(message.GetByText("UTC")).ToBeVisibleAsync();
        (await message.Locator("code").InnerTextAsync()).ShouldBe(await Page.Locator("[data-circuit]").GetAttributeAsync("data-circuit"));
        await ScanAsync("circuit failed");
    }

    [Fact]
    public async Task Overview_OfMonthsFarApart_MarksTheGapOnce()
    {
        await SignInToEmptyTenantAsync("/imports");
        await Expect(Page.GetByText("Nothing is here yet; that is not zero")).ToBeVisibleAsync();
        await UploadAsync(Bills.Month("november.csv", "2023-11", 400));
        await ExpectCompletedAsync();
        await OpenAsync("Imports");
        await UploadAsync(Bills.Sample("2025.csv.gz", SampleBill.Demo with { Rows = 800 }, out _));
        await ExpectCompletedAsync();

        await OpenAsync("Overview");

        await Expect(Page.GetByText("Comparison method, not for disclosure.")).ToBeVisibleAsync();
        await ScanAsync("overview, months far apart");
        foreach (var width in new[] { 1440, 1260, 1024, 768, 390 })
        {
            await Page.SetViewportSizeAsync(width, 900);
            var at = string.Create(System.Globalization.CultureInfo.InvariantCulture, $"at {width} px");
            (await OverlapsAsync()).ShouldBeEmpty(at);
            (await Page.EvaluateAsync<int>("document.scrollingElement.scrollWidth - innerWidth")).ShouldBeLessThanOrEqualTo(0, at);
        }
    }

    /// <summary>Pairs of words under the chart whose boxes lie over each other.</summary>
    private Task<string[]> OverlapsAsync() => Page.EvaluateAsync<string[]>(
        """
        () => {
          const boxes = [];
          const walker = document.createTreeWalker(document.querySelector('.og-bars-months'), NodeFilter.SHOW_TEXT);
          while (walker.nextNode()) {
            if (!walker.currentNode.textContent.trim()) continue;
            const range = document.createRange();
            range.selectNodeContents(walker.currentNode);
            for (const box of range.getClientRects()) if (box.width > 1) boxes.push([walker.currentNode.textContent, box]);
          }
          const over = [];
          for (let i = 0; i < boxes.length; i++)
            for (let j = i + 1; j < boxes.length; j++) {
              const [a, b] = [boxes[i][1], boxes[j][1]];
              if (a.left < b.right - 1 && b.left < a.right - 1 && a.top < b.bottom - 1 && b.top < a.bottom - 1) over.push(boxes[i][0] + ' over ' + boxes[j][0]);
            }
          return over;
        }
        """);
}
