use proptest::prelude::*;

use super::*;

/// `name | phone | door | goods; goods | left/day | note`
fn told(text: &str) -> String {
    let slip = read(text);
    let text_of = |field: &Option<String>| field.clone().unwrap_or_default();
    let number = |field: Option<u16>| field.map(|n| n.to_string()).unwrap_or_default();
    let line = |goods: &Goods| {
        let count = goods.quantity.map(|n| n.to_string()).unwrap_or_default();
        [goods.name.clone(), text_of(&goods.strength), count + &text_of(&goods.unit)].join("_")
    };
    let goods: Vec<String> = slip.goods.iter().map(line).collect();
    let doses = format!("{}/{}", number(slip.doses_left), number(slip.doses_per_day));
    [text_of(&slip.name), text_of(&slip.phone), text_of(&slip.door), goods.join(";"), doses, slip.note.clone()]
        .join(" | ")
}

/// What is pasted, and what is understood.
const SLIPS: &[(&str, &str)] = &[
    ("", " |  |  |  | / | "),
    ("王阿姨 13800000000 3-2-501 缬沙坦胶囊 80mg 2盒", "王阿姨 | 13800000000 | 3-2-501 | 缬沙坦胶囊_80mg_2盒 | / | "),
    (
        "姓名：李秀英\n电话：138 0000 0001\n地址：文化六村3栋2单元501\n药品：苯磺酸氨氯地平片 5mg 2盒",
        "李秀英 | 138 0000 0001 | 文化六村3栋2单元501 | 苯磺酸氨氯地平片_5mg_2盒 | / | ",
    ),
    ("我是王阿姨，住3栋2单元501室，没药了", "王阿姨 |  | 住3栋2单元501室 |  | 0/ | "),
    ("3栋2单元501室，王奶奶，只剩2片，一天一次", "王奶奶 |  | 3栋2单元501室 |  | 2/1 | "),
    ("张先生13900000002 17-1-302 二甲双胍0.5g*2盒", "张先生 | 13900000002 | 17-1-302 | 二甲双胍_0.5g_2盒 | / | "),
    ("大米 一袋，鸡蛋两斤，牛奶1箱", " |  |  | 大米__1袋;鸡蛋__2斤;牛奶__1箱 | / | "),
    ("还要两盒奥美拉唑肠溶胶囊", " |  |  | 奥美拉唑肠溶胶囊__2盒 | / | "),
    (
        "1. 硝苯地平控释片 30mg 1盒\n2. 阿司匹林肠溶片 100mg 2盒",
        " |  |  | 硝苯地平控释片_30mg_1盒;阿司匹林肠溶片_100mg_2盒 | / | ",
    ),
    ("断药了！麻烦快一点，谢谢", " |  |  |  | 0/ | 麻烦快一点，谢谢"),
    ("尿不湿L码 x2", " |  |  | 尿不湿L码__2件 | / | "),
    ("联系人：陈老师\n手机：+86 13800000003\n房号：5-1-1203", "陈老师 | +86 13800000003 | 5-1-1203 |  | / | "),
    ("胰岛素 3支，每天三次，还剩1支", " |  |  | 胰岛素__3支 | 1/3 | "),
    ("您好，我家老人血压药吃完了，能不能帮忙买一下", " |  |  |  | / | 您好，我家老人血压药吃完了，能不能帮忙买一下"),
    (
        "李女士\n13700000004\n8栋1单元601\n布洛芬缓释胶囊 2盒\n退烧用",
        "李女士 | 13700000004 | 8栋1单元601 | 布洛芬缓释胶囊__2盒 | / | 退烧用",
    ),
    ("电话13800000005", " | 13800000005 |  |  | / | "),
    ("赵叔叔电话13800000006", "赵叔叔 | 13800000006 |  |  | / | "),
    ("何嬢嬢 023-55500107 土豆5斤 红薯3斤", "何嬢嬢 | 023-55500107 |  | 土豆5斤 红薯__3斤 | / | "),
    ("药品：\n氯沙坦钾片 50mg 1盒", " |  |  | 氯沙坦钾片_50mg_1盒 | / | "),
    ("备注：敲门三下", " |  |  |  | / | 备注：敲门三下"),
    ("MZC-07-2-501 周婆婆", "周婆婆 |  | MZC-07-2-501 |  | / | "),
    ("缬沙坦氨氯地平片(Ⅰ) 80mg/5mg 1盒", " |  |  | 缬沙坦氨氯地平片(Ⅰ)_80mg/5mg_1盒 | / | "),
    ("０９栋２单元３０１", " |  | ０９栋２单元３０１ |  | / | "),
    ("药只剩三粒了", " |  |  |  | 3/ | "),
    ("我叫刘建国", "刘建国 |  |  |  | / | "),
    ("需要：卫生纸 2提", " |  |  | 卫生纸__2提 | / | "),
    ("连花清瘟胶囊", " |  |  | 连花清瘟胶囊__ | / | "),
    ("妈妈的降压药没了", " |  |  |  | / | 妈妈的降压药没了"),
    ("13800000007 13800000008", " | 13800000007 |  |  | / | "),
    ("王阿姨，李阿姨", "王阿姨 |  |  |  | / | 李阿姨"),
    ("👵🏻🙏🙏", " |  |  |  | / | 👵🏻🙏🙏"),
    ("每天2片", " |  |  |  | / | 每天2片"),
    ("吃完了，一日两次", " |  |  |  | 0/2 | "),
    (
        "孙小姐 13800000009\n2-2-802\n奶粉 3段 2罐\n婴儿湿巾 5包",
        "孙小姐 | 13800000009 | 2-2-802 | 奶粉 3段__2罐;婴儿湿巾__5包 | / | ",
    ),
    ("hello, please bring ibuprofen 200mg 1盒", " |  |  | please bring ibuprofen_200mg_1盒 | / | hello"),
];

#[test]
fn slips_as_people_write_them() {
    let mut wrong = Vec::new();
    for (text, meant) in SLIPS {
        if told(text) != *meant {
            wrong.push(format!("{text}\n  {}\n  {meant}", told(text)));
        }
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

/// Everything a slip says, in one text without spaces.
fn all_of(slip: &Slip) -> String {
    let mut text = String::new();
    for field in [&slip.name, &slip.phone, &slip.patient_phone, &slip.door] {
        text.push_str(field.as_deref().unwrap_or_default());
        text.push('\n');
    }
    for goods in &slip.goods {
        text.push_str(&goods.name);
        text.push_str(goods.strength.as_deref().unwrap_or_default());
        text.push('\n');
    }
    text.push_str(&slip.note);
    squeezed(&text)
}

fn squeezed(text: &str) -> String {
    text.chars().filter(|c| !c.is_whitespace()).collect()
}

/// Words that no rule of ours knows: they must be found again somewhere.
const STRANGE: &str = "[鬱鬯龘驫qvzk]{2,8}";

proptest! {
    #[test]
    fn nothing_breaks_it(text in any::<String>()) {
        let _ = read(&text);
    }

    #[test]
    fn no_line_is_lost(lines in prop::collection::vec((STRANGE, 0_usize..8), 1..12)) {
        let dressed = |(word, kind): &(String, usize)| match kind {
            0 => format!("{word} 2盒"),
            1 => format!("地址：{word}"),
            2 => format!("{word}，没药了"),
            3 => format!("姓名：{word}"),
            4 => format!("13800000000 {word}"),
            5 => format!("{word}片 80mg"),
            6 => format!("王阿姨 {word}"),
            _ => word.clone(),
        };
        let text = lines.iter().map(dressed).collect::<Vec<_>>().join("\n");
        let all = all_of(&read(&text));
        for (word, _) in &lines {
            prop_assert!(all.contains(word.as_str()), "{} is not in {}", word, all);
        }
    }

    #[test]
    fn what_is_no_label_or_mark_is_found_again(text in "[a-z一-龥0-9 ，。\n]{0,120}") {
        let slip = read(&text);
        let kept = all_of(&slip).chars().count();
        let typed = text.chars().filter(|c| !c.is_whitespace() && !"，。".contains(*c)).count();
        // Counts and doses become numbers, and a few words of asking are left out; nothing else goes.
        let read_as_numbers = slip.goods.len() * 12 + 30;
        prop_assert!(kept + read_as_numbers >= typed, "{} of {}", kept, typed);
    }
}
