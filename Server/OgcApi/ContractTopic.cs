using System.Text.Json.Nodes;
using GridMap.Server.Http;

namespace GridMap.Server.OgcApi;

/// <summary>What operations of the contract stand together under, told in the language of the request's page: a tag of OpenAPI.</summary>
internal sealed record ContractTopic(HttpContext Http, Words Title, Words Meaning)
{
    public JsonArray Tags => new(Http.SayOrEnglish(Title));

    public JsonObject Described => new() { ["name"] = Http.SayOrEnglish(Title), ["description"] = Http.SayOrEnglish(Meaning) };

    public string Say(Words words) => Http.SayOrEnglish(words);
}
