using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Shouldly;

namespace GridMap.Server.Tests;

/// <summary>What tests read from answers: a body that must be there, a problem that must say why.</summary>
public static class Answers
{
    extension(HttpClient client)
    {
        /// <summary>The JSON of a 200.</summary>
        public async Task<JsonElement> Json(string path)
        {
            using var response = await client.GetAsync(path);
            response.StatusCode.ShouldBe(HttpStatusCode.OK, $"{path}: {await response.Content.ReadAsStringAsync()}");
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }

        /// <summary>The text of an answer of any status.</summary>
        public async Task<string> Text(string path)
        {
            using var response = await client.GetAsync(path);
            return await response.Content.ReadAsStringAsync();
        }

        public async Task<JsonElement> PostJson(string path, object body, HttpStatusCode status = HttpStatusCode.OK)
        {
            using var response = await client.PostAsJsonAsync(path, body);
            response.StatusCode.ShouldBe(status, $"{path}: {await response.Content.ReadAsStringAsync()}");
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }

        public async Task<JsonElement> PatchJson(string path, object body, HttpStatusCode status = HttpStatusCode.OK)
        {
            using var response = await client.PatchAsJsonAsync(path, body);
            response.StatusCode.ShouldBe(status, $"{path}: {await response.Content.ReadAsStringAsync()}");
            return await response.Content.ReadFromJsonAsync<JsonElement>();
        }
    }

    extension(JsonElement json)
    {
        /// <summary>Follows names and indexes: <c>json.At("total", "residents")</c>, <c>json.At("items", 0, "code")</c>.</summary>
        public JsonElement At(params object[] path) => path.Aggregate(json, (at, step) => step is int index ? at[index] : at.GetProperty((string)step));

        public List<string> Fields() => json.TryGetProperty("errors", out var errors)
            ? errors.EnumerateArray().Select(error => error.GetProperty("field").GetString()!).ToList() : [];
    }
}
