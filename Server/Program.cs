using System.CommandLine;
using GridMap.Server;
using GridMap.Server.Import;
using GridMap.Server.SampleCities;

var program = new RootCommand("GridMap: a city's grids, incidents, coverage and hotspots on one map.")
{
    Commands.Migrate(),
    Commands.Key(),
    SampleCommand.Sample(),
    ImportCommand.Create(),
};
var serve = Commands.Serve(args);
program.Add(serve);
program.SetAction((_, cancellation) => serve.Action is System.CommandLine.Invocation.AsynchronousCommandLineAction action
    ? action.InvokeAsync(serve.Parse([]), cancellation) : Task.FromResult(1));
program.TreatUnmatchedTokensAsErrors = false;

return await program.Parse(args).InvokeAsync(new InvocationConfiguration { EnableDefaultExceptionHandler = false });

public partial class Program;
