# 待人处理：自己走不下去的单子。

care-title = 待人处理
care-help = 这些单子自己走不下去。每一单都写了最可能有用的下一步，由您来定。
care-list = 等人拿主意的，急的在前
care-empty = 现在没有要人处理的。
care-count = { $n ->
    [0] 没有要处理的
   *[other] { $n } 单要处理
}
care-since = 从
care-held = 东西在{ $name }手上
care-holder = 东西在谁手上
care-more = 别的办法
care-back = 全部待处理
care-next = 下一步：
care-gone = 这一单已经有人处理了，或者自己走下去了。
care-all = 这一单的全部情况
care-why-other = 别的原因，打开看看
care-called = 打过电话了？
care-called-help = 会记下您的名字和时间。单子还留在这里，等您拿主意。
care-called-send = 记下来
care-said = 对方怎么说
care-give = 交给一位志愿者
care-again = 重新派人
care-again-help = 放回队列，重新找人。门牌不对的话，先在这里改好。
care-again-send = 放回队列
care-settle = 没事了
care-settle-send = 办完了
care-urgency = 有多急
care-urgency-send = 改
care-reason-nobody_opened = 敲门没人开
care-reason-no_shop_has_it = 开着的店都没有
care-reason-lies_at_gate = 东西放在大门口，等人来取
care-reason-unanswered = 志愿者在柜台问了话，还没人回
suggestion-call = 打电话问问
suggestion-knock = 上门敲门看看
suggestion-knock-help = 电话没人接。请人上门看一看，把情况记下来，再定怎么办。
suggestion-call-help = 问问家里怎么样。把对方说的记下来，再定怎么办。
suggestion-correct_address = 改地址
suggestion-correct_address-help = 打电话问清楚哪一栋哪一户，在“重新派人”里改好，再派出去。
suggestion-same_runner = 让{ $name }接着送
suggestion-same_runner-help = 东西在这位志愿者手上。按一下，就由他接着送到门口。
suggestion-bring_back = 找{ $name }要东西
suggestion-bring_back-help = 东西还在这位志愿者手上。打电话问他：接着送，还是送回来。问完再定怎么办。
suggestion-send_again = 另找一位志愿者
suggestion-send_again-help = 东西还没买。按一下，就放回队列重新找人。
suggestion-ask_district = 找区里或医生
suggestion-ask_district-help = 这一带的店都没有。请区里想办法，或者请医生换一种药，再告诉家里。
event-care_called = 值班员打电话问过
event-door_corrected = 值班员改了地址
event-urgency_red = 值班员改成了很急
event-urgency_yellow = 值班员改成了今天要
event-urgency_green = 值班员改成了不急
notice-decided = 办好了，这一单不在这里了。
notice-care_called = 记下来了

# 怎样才帮得上等着的人。
need-title = 怎样才帮得上
need-before = { $need }，{ $time }之前
need-frees = 有 { $n } 单在等
need-runners = 再来 { $n } 位志愿者
need-trained = 要 { $n } 位会取药的志愿者
need-inside = 要 { $n } 位住在封控楼里的志愿者
need-cart = 要 { $n } 位有推车的志愿者
need-by_hand = 当面请一位：问过的都说不行
need-positions = 请在岗的打开页面，好知道人在哪里
need-ring_shop = 给店里打电话，看哪家能开门
need-district = 店里都没有：找区里，或者找医生

# 值班员插手。
watch-for-collect = { $name }已经取到了
watch-for-help = 志愿者告诉了您、自己按不了的时候，替他记一笔，会记下您的名字。
watch-for-send = 替他记下
notice-urgency_set = 改好了
notice-acted_for = 替志愿者记下了

# 谁做了什么，谁看了什么。
audit-title = 查账
audit-help = 每个账号做过什么，看过谁的个人信息。
audit-list = 新的在前
audit-who = 账号
audit-request = 单号
audit-from = 从
audit-to = 到
audit-go = 查
audit-none = 没有查到。
audit-wrong = 时间看不懂，先全部列出来了。请写成 2022-11-23T00:00:00Z 这样。
audit-at = 时间
audit-what = 做了什么
audit-why = 原因
audit-older = 更早的
audit-looked_request = 看了一单的联系方式
audit-looked_home = 看了一户的资料
audit-looked_volunteer = 看了一位志愿者的报名
