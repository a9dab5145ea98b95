using System.Buffers;
using System.IO.Pipelines;
using GridMap.Server.Http;
using GridMap.Server.Layers;
using GridMap.Server.Wfs;
using Shouldly;
using Xunit;

namespace GridMap.Server.Tests.Wfs;

/// <summary>Answers whose readers take their time.</summary>
public sealed class FeatureAnswersTests(SmallCity city) : IClassFixture<SmallCity>
{
    private Task<FeatureSnapshot> Open() =>
        city.Server.Service<FeatureAnswers>().Open([new WfsQuestion(new FeatureQuestion(city.Server.Layer("buildings"), 100), null!)], 100, 0, CancellationToken.None);

    [DatabaseFact]
    public async Task A_reader_who_takes_nothing_holds_no_connection()
    {
        await using var snapshot = await Open();
        var unread = new Pipe(new PipeOptions(pauseWriterThreshold: 1 << 16, resumeWriterThreshold: 1 << 15));
        await Should.ThrowAsync<OperationCanceledException>(() => FeatureAnswers.Stream(snapshot, snapshot.Parts[0], unread.Writer, (_, _) => unread.Writer.Write(new byte[40_000]), CancellationToken.None));
    }

    [DatabaseFact]
    public async Task Readers_leave_connections_for_others()
    {
        var open = new List<FeatureSnapshot>();
        try
        {
            for (var i = 0; i < FeatureAnswers.MostAtOnce; i++) open.Add(await Open());
            (await Should.ThrowAsync<Refused>(Open)).Code.ShouldBe(Problems.TooMany);
            using var others = await city.Anyone.GetAsync("/api/city");
            ((int)others.StatusCode).ShouldBe(200);
            await open[0].DisposeAsync();
            open[0] = await Open();
        }
        finally
        {
            foreach (var snapshot in open) await snapshot.DisposeAsync();
        }
    }
}
