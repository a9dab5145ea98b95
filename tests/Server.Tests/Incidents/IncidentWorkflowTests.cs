using GridMap.Server.Http;
using GridMap.Server.Incidents;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Incidents;

public sealed class IncidentWorkflowTests
{
    private static readonly string[] Statuses = [.. IncidentWorkflow.Following.Keys];

    [Fact]
    public void Only_the_steps_of_the_contract_are_allowed()
    {
        string[] allowed =
        [
            "reported accepted", "reported rejected", "accepted assigned", "accepted in-progress", "accepted rejected", "assigned in-progress", "assigned accepted",
            "in-progress solved", "in-progress assigned", "solved closed", "solved in-progress",
        ];
        var found = from step in Statuses from next in Statuses where IsAllowed(step, next) select $"{step} {next}";
        found.ShouldBe(allowed, ignoreOrder: true);
    }

    [Fact]
    public void Every_status_can_be_reached_and_the_final_ones_say_so()
    {
        Statuses.Except(["reported"]).ShouldAllBe(status => IncidentWorkflow.Following.Values.Any(next => next.Contains(status)));
        Should.Throw<Refused>(() => IncidentWorkflow.Check("closed", "reported")).Code.ShouldBe(IncidentWorkflow.Final);
        Should.Throw<Refused>(() => IncidentWorkflow.Check("reported", "closed")).Code.ShouldBe(IncidentWorkflow.NotAllowed);
    }

    private static bool IsAllowed(string from, string to)
    {
        try
        {
            IncidentWorkflow.Check(from, to);
            return true;
        }
        catch (Refused)
        {
            return false;
        }
    }
}
