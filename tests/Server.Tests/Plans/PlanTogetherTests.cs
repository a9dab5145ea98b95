using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using GridMap.Server.Access;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Plans;

/// <summary>Several planners in one draft: only where they touch the same grids does one stand in the other's way.</summary>
public sealed class PlanTogetherTests(PlanTown town) : IClassFixture<PlanTown>
{
    private sealed record Cut(string Command, string[] Grids);

    private static string[] Keys(JsonElement list) => [.. list.EnumerateArray().Select(grid => grid.GetProperty("key").GetString()!)];

    private async Task<long> Begin() => (await town.Begin(await town.Street())).GetProperty("id").GetInt64();

    /// <summary>Cuts of single grids, each of which touches none of the grids that another touches.</summary>
    private async Task<List<Cut>> CutsApart(long plan, int wanted)
    {
        var cuts = new List<Cut>();
        foreach (var grid in (await town.Grids(plan)).GetProperty("items").EnumerateArray())
        {
            foreach (var line in PlanTown.Lines(grid))
            {
                var command = $$"""{"type":"split","grids":["{{grid.GetProperty("key").GetString()}}"],"geometry":{{line}}}""";
                var response = await town.Edit(plan, command, query: "?dryRun=true");
                if (!response.IsSuccessStatusCode) continue;
                string[] grids = [.. Keys((await PlanTown.Json(response, 200)).GetProperty("touched")).Where(key => !key.StartsWith('#'))];
                if (cuts.Any(cut => cut.Grids.Intersect(grids).Any())) continue;
                cuts.Add(new(command, grids));
                if (cuts.Count == wanted) return cuts;
                break;
            }
        }
        throw new InvalidOperationException($"the street has no {wanted} grids apart that can be cut");
    }

    [DatabaseFact]
    public async Task Edits_of_different_grids_given_on_one_version_are_all_made_and_each_answer_tells_the_others()
    {
        var plan = await Begin();
        var all = (await town.Grids(plan)).GetProperty("items").GetArrayLength();
        var cuts = await CutsApart(plan, 4);
        var answers = await Task.WhenAll(cuts.Select(cut => town.Edit(plan, cut.Command, version: 1)));
        var edited = new List<JsonElement>();
        foreach (var answer in answers) edited.Add(await PlanTown.Json(answer, 200));
        edited.Select(answer => answer.GetProperty("version").GetInt32()).Order().ShouldBe([2, 3, 4, 5]);
        (await town.Grids(plan)).GetProperty("items").GetArrayLength().ShouldBe(all + 4);

        // Whoever was last has in the answer all that is different since version 1, with the figures that the whole list has.
        var last = edited.Single(answer => answer.GetProperty("version").GetInt32() == 5).GetProperty("touched");
        cuts.SelectMany(cut => cut.Grids).ShouldBeSubsetOf(Keys(last));
        var listed = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToDictionary(grid => grid.GetProperty("key").GetString()!, grid => grid.GetRawText());
        foreach (var grid in last.EnumerateArray()) grid.GetRawText().ShouldBe(listed[grid.GetProperty("key").GetString()!]);

        // Opened anew from its steps the draft is the same, and by PostGIS's word a partition.
        town.Server.Service<Server.Plans.PlanDesk>().Forget(plan);
        (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToDictionary(grid => grid.GetProperty("key").GetString()!, grid => grid.GetRawText()).ShouldBe(listed);
        var shapes = string.Join("), (", (await town.Grids(plan)).GetProperty("items").EnumerateArray().Select(grid => $"ST_SetSRID(ST_GeomFromGeoJSON('{grid.GetProperty("geometry").GetRawText()}'), 4326)"));
        (await town.Scratch.Scalar<bool>($"SELECT ST_Equals(ST_Union(geom), (SELECT geom FROM areas WHERE id = {await town.Street()})) AND abs(sum(ST_Area(geom)) / ST_Area(ST_Union(geom)) - 1) < 1e-9 FROM (VALUES ({shapes})) AS draft (geom)")).ShouldBeTrue();
    }

    [DatabaseFact]
    public async Task What_others_touched_is_refused_with_their_name_and_the_draft_stays_as_they_left_it()
    {
        var plan = await Begin();
        var colleague = await town.Server.As(Role.Planner);
        var cut = (await CutsApart(plan, 1))[0];
        await PlanTown.Json(await town.Edit(plan, cut.Command, version: 1, client: colleague), 200);
        var before = (await town.Grids(plan)).GetRawText();
        var refused = await PlanTown.Json(await town.Edit(plan, $$"""{"type":"rename","grids":["{{cut.Grids[0]}}"],"name":"新名"}""", version: 1), 412);
        refused.GetProperty("detail").GetString()!.ShouldContain(cut.Grids[0]);
        (await town.Edit(plan, cut.Command, version: 1)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await town.Grids(plan)).GetRawText().ShouldBe(before);
        town.Server.Service<Server.Plans.PlanDesk>().Forget(plan);
        (await town.Grids(plan)).GetRawText().ShouldBe(before);
    }

    [DatabaseFact]
    public async Task A_grid_that_others_took_away_is_no_unknown_grid()
    {
        var plan = await Begin();
        foreach (var other in Keys((await town.Grids(plan)).GetProperty("items")).Skip(1))
        {
            var first = Keys((await town.Grids(plan)).GetProperty("items"))[0];
            var response = await town.Edit(plan, $$"""{"type":"merge","grids":["{{first}}","{{other}}"]}""", version: 1);
            if (!response.IsSuccessStatusCode) continue;
            (await town.Edit(plan, $$"""{"type":"rename","grids":["{{other}}"],"name":"新名"}""", version: 1)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
            (await town.Edit(plan, $$"""{"type":"rename","grids":["{{other}}"],"name":"新名"}""", version: 2)).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
            return;
        }
        Assert.Fail("the first grid has no neighbour");
    }

    [DatabaseFact]
    public async Task Behind_an_undo_and_for_the_whole_draft_only_the_newest_version_counts()
    {
        var plan = await Begin();
        var cuts = await CutsApart(plan, 2);
        await PlanTown.Json(await town.Edit(plan, cuts[0].Command, version: 1), 200);
        var area = await town.Scratch.Scalar<long>($"SELECT area_id FROM grids WHERE code = '{cuts[1].Grids[0]}' AND valid_to = 'infinity' LIMIT 1");
        (await town.Edit(plan, $$"""{"type":"delineate","areaId":{{area}}}""", version: 1)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await town.Edit(plan, cuts[1].Command, version: 7)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 200);
        // An edit would end what can be made again: its planner looks first.
        (await town.Edit(plan, cuts[1].Command, version: 2)).StatusCode.ShouldBe(HttpStatusCode.PreconditionFailed);
        (await town.Edit(plan, cuts[1].Command, version: 3)).StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    [DatabaseFact]
    public async Task The_grids_since_a_version_are_those_that_differ_and_bring_an_older_list_up_to_date()
    {
        var plan = await Begin();
        var old = (await town.Grids(plan)).GetProperty("items").EnumerateArray().ToDictionary(grid => grid.GetProperty("key").GetString()!, grid => grid.GetRawText());
        var cuts = await CutsApart(plan, 2);
        foreach (var cut in cuts) await PlanTown.Json(await town.Edit(plan, cut.Command), 200);
        await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/undo", null), 200);
        await PlanTown.Json(await town.Edit(plan, $$"""{"type":"rename","grids":["{{cuts[1].Grids[0]}}"],"name":"新名"}"""), 200);
        var since = await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/grids?since=1");
        (since.GetProperty("version").GetInt32(), since.GetProperty("all").GetBoolean()).ShouldBe((5, false));
        foreach (var gone in since.GetProperty("gone").EnumerateArray()) old.Remove(gone.GetString()!);
        foreach (var grid in since.GetProperty("items").EnumerateArray()) old[grid.GetProperty("key").GetString()!] = grid.GetRawText();
        old.ShouldBe((await town.Grids(plan)).GetProperty("items").EnumerateArray().ToDictionary(grid => grid.GetProperty("key").GetString()!, grid => grid.GetRawText()));
        since.GetProperty("gone").GetArrayLength().ShouldBe(1);
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/grids?since=5")).GetProperty("items").GetArrayLength().ShouldBe(0);
        (await town.Planner.GetFromJsonAsync<JsonElement>($"/api/plans/{plan}/grids?since=99")).GetProperty("all").GetBoolean().ShouldBeTrue();
        (await town.Planner.GetAsync($"/api/plans/{plan}/grids?since=0")).StatusCode.ShouldBe(HttpStatusCode.BadRequest);
    }

    [DatabaseFact]
    public async Task Taking_back_a_name_answers_with_the_grid_as_it_was_called()
    {
        var plan = await Begin();
        var grid = (await town.Grids(plan)).GetProperty("items")[0];
        var (key, name) = (grid.GetProperty("key").GetString(), grid.GetProperty("name").GetString());
        await PlanTown.Json(await town.Edit(plan, $$"""{"type":"rename","grids":["{{key}}"],"name":"新名"}"""), 200);
        foreach (var (order, called) in new[] { ("undo", name), ("redo", "新名") })
        {
            var told = (await PlanTown.Json(await town.Planner.PostAsync($"/api/plans/{plan}/{order}", null), 200)).GetProperty("touched");
            told.GetArrayLength().ShouldBe(1);
            told[0].GetProperty("name").GetString().ShouldBe(called);
        }
    }
}
