using GridMap.SampleCity.Numbers;

namespace GridMap.SampleCity.Names;

/// <summary>Makes up names that have never been given before, in Chinese with a reading in plain letters.</summary>
internal sealed class Namer(Pcg random)
{
    private static readonly (string Sign, string Sound)[] First = Read(
        "翠cui 云yun 柳liu 梅mei 竹zhu 松song 兰lan 桂gui 荷he 芳fang 清qing 景jing 春chun 秋qiu 晨chen 明ming 文wen 华hua 锦jin 瑞rui 祥xiang 福fu 康kang 安an 和he 永yong 长chang 百bai 金jin 银yin 玉yu 碧bi 青qing 丹dan 紫zi 朝zhao 望wang 凤feng 鹤he 雁yan 燕yan 白bai 石shi 古gu 双shuang 三san 九jiu 万wan 通tong 顺shun 学xue 书shu 丰feng 嘉jia 佳jia 星xing 月yue 霞xia 澄cheng 泓hong 沁qin 映ying 棠tang 榆yu 槐huai 枫feng 杏xing 菱ling 芦lu 藕ou 稻dao 桑sang 茗ming");
    private static readonly (string Sign, string Sound)[] Second = Read(
        "湖hu 江jiang 桥qiao 溪xi 泉quan 塘tang 浦pu 湾wan 洲zhou 渡du 滨bin 岸an 岭ling 山shan 峰feng 坡po 原yuan 坊fang 巷xiang 园yuan 苑yuan 庄zhuang 村cun 里li 门men 亭ting 台tai 阁ge 楼lou 井jing 林lin 荫yin 阳yang 光guang 辉hui 宁ning 平ping 乐le 盛sheng 兴xing 昌chang 源yuan 德de 仁ren 义yi 贤xian 泰tai 达da 河he 池chi 堤di 圩xu 墩dun 港gang");
    private static readonly (string Sign, string Sound)[] Surnames = Read(
        "王wang 李li 张zhang 刘liu 陈chen 杨yang 黄huang 赵zhao 吴wu 周zhou 徐xu 孙sun 马ma 朱zhu 胡hu 郭guo 何he 林lin 高gao 罗luo 郑zheng 梁liang 谢xie 宋song 唐tang 许xu 韩han 邓deng 冯feng 曹cao 彭peng 曾zeng 肖xiao 田tian 董dong 潘pan 袁yuan 蔡cai 蒋jiang 余yu 于yu 杜du 叶ye 程cheng 魏wei 苏su 吕lv 丁ding 任ren 卢lu 姚yao 沈shen 钟zhong 姜jiang 崔cui 谭tan 陆lu 范fan 汪wang 廖liao 石shi 金jin 韦wei 贾jia 夏xia 付fu 方fang 邹zou 熊xiong 白bai 孟meng 秦qin 邱qiu 侯hou 江jiang 尹yin 薛xue 闫yan 段duan 雷lei 龙long 黎li 史shi 陶tao 贺he 毛mao 郝hao 顾gu 龚gong 邵shao 万wan 覃qin 武wu 钱qian 戴dai 严yan 莫mo 孔kong 向xiang 汤tang");
    private const string GivenSigns = "伟芳娜敏静丽强磊军洋勇艳杰娟涛明超秀霞平刚桂英华玉兰红梅琳婷雪莹倩佳欣怡宇浩轩博文志建国海波斌辉鹏飞鑫宁晨阳帆琪瑶璐洁慧颖晓东卫民春生立新永康家俊";

    private readonly HashSet<string> used = new(StringComparer.Ordinal);

    /// <summary>Two signs, three when the pairs run out.</summary>
    public (string Name, string NameEn) Fresh(string suffix, string suffixEn)
    {
        for (var attempt = 0; ; attempt++)
        {
            var first = random.Pick(First);
            var second = random.Pick(Second);
            var name = first.Sign + second.Sign;
            var sound = first.Sound + second.Sound;
            if (first.Sign == second.Sign) continue;
            if (attempt > 12)
            {
                var third = random.Pick(First);
                name = third.Sign + name;
                sound = third.Sound + sound;
            }
            if (!used.Add(name + suffix)) continue;
            return (name + suffix, char.ToUpperInvariant(sound[0]) + sound[1..] + suffixEn);
        }
    }

    public string Person()
    {
        var name = random.Pick(Surnames).Sign + GivenSigns[random.Below(GivenSigns.Length)];
        return random.Chance(0.7) ? name + GivenSigns[random.Below(GivenSigns.Length)] : name;
    }

    /// <summary>A number that looks like a mobile number and cannot be one: no network uses 1-000.</summary>
    public string Phone() => "1000" + random.Below(10_000_000).ToString("0000000");

    private static (string, string)[] Read(string list) =>
        [.. list.Split(' ').Select(item => (item[..1], item[1..]))];
}
