namespace GridMap.Server.OgcApi;

/// <summary>How the pages look: light and dark, on telephones too.</summary>
internal static class HtmlStyle
{
    public const string Text = """
        :root { color-scheme: light dark; --ink: #1c2430; --quiet: #5a6675; --line: #dde3ea; --paper: #fff; --card: #f7f9fb; --accent: #1659c7; }
        @media (prefers-color-scheme: dark) { :root { --ink: #e8edf4; --quiet: #a3b0c0; --line: #2b3645; --paper: #121821; --card: #19212c; --accent: #7fb0ff; } }
        body { margin: 0; font: 15px/1.55 -apple-system, "Segoe UI", "PingFang SC", "Microsoft YaHei", "Noto Sans CJK SC", "Noto Sans SC", sans-serif; color: var(--ink); background: var(--paper); font-variant-numeric: tabular-nums; }
        nav { display: flex; flex-wrap: wrap; gap: .2rem 1rem; padding: .8rem 1.5rem; border-bottom: 1px solid var(--line); color: var(--quiet); }
        nav .language { margin-left: auto; }
        nav .home { font-weight: 650; color: var(--ink); text-decoration: none; }
        main { max-width: 76rem; margin: 0 auto; padding: 1rem 1.5rem 4rem; }
        h1 { font-size: 1.7rem; line-height: 1.25; margin: 1rem 0 1.1rem; }
        h1 + .lead { margin-top: -.7rem; }
        code { font: .88em/1.5 ui-monospace, Consolas, "Liberation Mono", monospace; color: var(--quiet); }
        h2 { font-size: 1.1rem; margin: 2rem 0 .6rem; }
        h3 { font-size: 1rem; margin: 0 0 .2rem; }
        .lead { color: var(--quiet); font-size: 1.05rem; margin: 0 0 1.4rem; max-width: 46rem; }
        a { color: var(--accent); text-decoration-thickness: 1px; text-underline-offset: .18em; }
        a:focus-visible { outline: 2px solid var(--accent); outline-offset: 2px; border-radius: 3px; }
        #map { height: 26rem; border: 1px solid var(--line); border-radius: 8px; margin-bottom: 1.2rem; overflow: hidden; }
        .quiet { color: var(--quiet); margin: -.3rem 0 .5rem; }
        .operations { table-layout: fixed; }
        .operations td:first-child { width: 5rem; color: var(--quiet); font-size: .87em; }
        .operations td:last-child { width: 38%; }
        .operations a code { color: inherit; }
        .inputs { table-layout: fixed; }
        .inputs th { width: 12rem; white-space: normal; }
        .inputs td:last-child { width: 28%; color: var(--quiet); }
        .type { overflow-wrap: normal; }
        .scroll { overflow-x: auto; }
        .scroll td { white-space: nowrap; }
        .scroll .long { white-space: normal; min-width: 16rem; overflow-wrap: break-word; }
        .scroll .number { text-align: right; }
        main:has(.scroll) { max-width: 110rem; }
        .bar { display: flex; flex-wrap: wrap; gap: .4rem 1.5rem; }
        table { border-collapse: collapse; width: 100%; }
        th, td { text-align: left; vertical-align: top; padding: .4rem .7rem; border-bottom: 1px solid var(--line); overflow-wrap: anywhere; }
        th { font-weight: 600; color: var(--quiet); white-space: nowrap; }
        th small { font-weight: 400; margin-left: .4em; }
        .pairs th { width: 13rem; white-space: normal; overflow-wrap: normal; }
        .pairs .pairs { margin: -.4rem 0; }
        .pairs .pairs th { width: 10rem; }
        .pairs tr:last-child > th, .pairs tr:last-child > td { border-bottom: 0; }
        .cards { display: grid; grid-template-columns: repeat(auto-fill, minmax(20rem, 1fr)); gap: 1rem; }
        .card { border: 1px solid var(--line); border-radius: 8px; padding: .9rem 1.1rem; background: var(--card); min-width: 0; }
        .card p { margin: 0 0 .5rem; color: var(--quiet); }
        .links { display: grid; grid-template-columns: repeat(auto-fill, minmax(17rem, 1fr)); gap: .3rem 1.5rem; margin: 0; padding: 0; list-style: none; }
        .card .links { display: flex; flex-wrap: wrap; gap: .1rem 1.1rem; font-size: .93em; }
        .links small { color: var(--quiet); margin-left: .35em; }
        .chips { display: flex; flex-wrap: wrap; gap: .35rem; }
        .chips > * { border: 1px solid var(--line); border-radius: 5px; padding: 0 .5rem; text-decoration: none; color: var(--ink); background: var(--card); font-size: .93em; }
        details { margin-top: .4rem; }
        summary { cursor: pointer; color: var(--quiet); font-size: .9em; }
        @media (min-width: 2000px) { html { font-size: 22px; } body { font-size: 21px; } }
        @media (max-width: 40rem) { main, nav { padding-left: 1rem; padding-right: 1rem; } .pairs th { width: 7rem; } #map { height: 18rem; } }
        """;
}
