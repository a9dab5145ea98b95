namespace GridMap.Server.Http;

/// <summary>One thing said in both languages. Documents say it in both or in English, a page in its reader's.</summary>
public readonly record struct Words(string English, string Chinese)
{
    public static implicit operator Words((string English, string Chinese) both) => new(both.English, both.Chinese);

    /// <summary>What is said in English only, because no page shows it.</summary>
    public static implicit operator Words(string english) => Name(english);

    /// <summary>What has the same name everywhere.</summary>
    public static Words Name(string name) => new(name, name);

    public string Both => English == Chinese ? English : $"{English} {Chinese}";
}
