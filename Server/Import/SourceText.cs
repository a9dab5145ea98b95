using System.Text;

namespace GridMap.Server.Import;

/// <summary>Encodings by name, the Chinese ones included, and plain-text files brought to UTF-8.</summary>
internal static class SourceText
{
    static SourceText() => Encoding.RegisterProvider(CodePagesEncodingProvider.Instance);

    public static Encoding? EncodingNamed(string name)
    {
        try
        {
            return Encoding.GetEncoding(name, EncoderFallback.ExceptionFallback, DecoderFallback.ExceptionFallback);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }

    /// <summary>Writes <paramref name="file"/> as UTF-8 to <paramref name="copy"/>.</summary>
    /// <exception cref="ImportException">A byte sequence is not in the encoding.</exception>
    public static async Task Recode(string file, string encoding, string copy, string path, CancellationToken cancellation)
    {
        try
        {
            using var reader = new StreamReader(file, EncodingNamed(encoding)!, detectEncodingFromByteOrderMarks: true);
            await using var writer = new StreamWriter(copy, append: false, new UTF8Encoding(encoderShouldEmitUTF8Identifier: false));
            var buffer = new char[1 << 16];
            for (int read; (read = await reader.ReadAsync(buffer, cancellation)) > 0;) await writer.WriteAsync(buffer.AsMemory(0, read), cancellation);
        }
        catch (DecoderFallbackException)
        {
            throw new ImportException(path, $"{Path.GetFileName(file)} is not written in {encoding}");
        }
    }

    /// <summary>Whether every byte of the file is UTF-8: GDAL would pass anything else on and the database would refuse the whole file.</summary>
    public static async Task<bool> IsUtf8(string file, CancellationToken cancellation)
    {
        using var reader = new StreamReader(file, new UTF8Encoding(false, throwOnInvalidBytes: true), detectEncodingFromByteOrderMarks: true);
        var buffer = new char[1 << 16];
        try
        {
            while (await reader.ReadAsync(buffer, cancellation) > 0) cancellation.ThrowIfCancellationRequested();
            return true;
        }
        catch (DecoderFallbackException)
        {
            return false;
        }
    }
}
