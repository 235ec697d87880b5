"""What people read of each step; format strings over the words of the case (words.py). One idea, one sentence."""

# --- who reported it, and who joined ---
TAKEN = "「{type}」{number} 已有人去处理：{unit}{handler}。\n预计 {due}前处理好，办完会告诉您。"
# Danger promises no moment: who waits for one waits too long.
TAKEN_URGENT = (
    "急件「{type}」{number} 有人接了：{unit}{handler}。\n"
    "人先待在安全的地方，有危险先打 119、120 或 110。办完会告诉您。"
)
LATE_URGENT = (
    "急件「{type}」{number} 还没有办好，已经在催{unit}。\n现场好了吗？点一下，或回复 1 已经好了、2 还没好。"
)
LATE_URGENT_TOO = "您关注的急件「{type}」{number} 还没有办好，已经在催{unit}，办完会告诉您。"
DELAYED_URGENT = (
    "急件「{type}」{number} 还要一些时间。\n原因：{note}\n有危险先打 119、120 或 110。办完会告诉您。"
)
RESUMED_URGENT = "急件「{type}」{number} 恢复处理了。办完会告诉您。"
CLOSED = "「{type}」{number} 处理好了。\n{note}\n{link}\n您满意吗？点一下，或回复 1 满意、2 不满意。"
CLOSED_TOO = (
    "您关注的「{type}」{number} 处理好了。\n{note}\n{link}\n没好的话，10 天内回复「不满意 {number}」。"
)
REJECTED = "「{type}」{number} 没有受理，原因：{note}\n有疑问请回复「人工」，或打 {hotline}。"
RETURNED_TO_WORK = "「{type}」{number} 核查后还没处理好，已请{unit}再去一次。办完会告诉您。"
ANSWERED = "「{type}」{number} 有了回复：\n{note}\n说清楚了吗？点一下，或回复 1 清楚了、2 还有疑问。"
CONSULT_ANSWERED = "回复您的咨询（{number}）：\n{note}\n说清楚了吗？点一下，或回复 1 清楚了、2 还有疑问。"
EXPLAINED = "关于「{type}」{number}，工作人员向您说明：\n{note}\n还有疑问请回复「人工」，或打 {hotline}。"
TALK_TOLD = "工作人员回您（{number}）：\n{note}\n直接打字、发照片就能接着说；说完了回复「结束」。"
TALK_ENDED = "{number} 这次就说到这里。说清楚了吗？点一下，或回复 1 清楚了、2 还有要说的。"
DELAYED = "「{type}」{number} 要晚一些，新的时间是 {due}前。\n原因：{note}\n办完会告诉您。"
LATE = (
    "「{type}」{number} 到说好的时间了，还没有办好。已经在催{unit}。\n"
    "现场好了吗？点一下，或回复 1 已经好了、2 还没好。"
)
LATE_TOO = "您关注的「{type}」{number} 到说好的时间了，还没有办好。已经在催{unit}，办完会告诉您。"
PAUSED = "「{type}」{number} 要先缓一缓，{until}前恢复。\n原因：{note}\n恢复时会告诉您。"
RESUMED = "「{type}」{number} 恢复处理了，预计 {due}前办好。办完会告诉您。"
ASKED = "关于「{type}」{number}，处理人员想问您：\n{note}\n直接回复就行，文字、照片都可以；也可以先点「我来回答」。"
NO_ANSWER = (
    "「{type}」{number} 想问您的事，没等到您回音，处理人员先按现有情况办。\n"
    "想起来了，随时回复「补充 {number}」。"
)
MERGED = "「{type}」{number} 和案件 {main} 是同一件事，一起处理。有进展一样会告诉您。"
UNMERGED = "「{type}」{number} 改为单独处理。有进展会告诉您。"
SPLIT_UP = "「{type}」{number} 要几个单位一起办，已经分头去做。都办好了会告诉您。"
WRONG_UNIT = "「{type}」{number} 正在换一个更合适的单位来办。有人接手会告诉您。"

# --- who handles it ---
NEW_WORK = "新案件 {number}「{type}」{urgent}\n{place}\n{text}\n{due}前办完。{link}\n回复 1 接单，2 退回（请写原因）。"
NOT_TAKEN = "案件 {number}「{type}」{urgent}还没人接：{place}。\n{due}前办完。{link}\n能去的请回复 1 接单。"
URGENT_NOT_TAKEN = (
    "急件 {number}「{type}」{unit}还没人接：{place}。\n{text}\n{link}\n"
    "能去的请回复 1 接单，去不了请马上叫人。"
)
FAILED_CHECK = "案件 {number}「{type}」核查没通过：{note}\n请再去处理，办完回复「办结 {number}」并发照片。"
NO_PROOF = "案件 {number}「{type}」处理后的照片{note}，还不能算办完。请再发一次照片，回复「办结 {number}」。"
REWORK = (
    "案件 {number}「{type}」上报人不满意：{note}\n{place}\n请返工，{due}前办完。{link}\n"
    "办完回复「办结 {number}」并发照片。"
)
WITHDRAWN = "案件 {number}「{type}」上报人已撤回，不用再处理。"
SUPPLEMENTED = "案件 {number}「{type}」有补充：{note}\n{link}"
REPLIED = "案件 {number}「{type}」上报人回复了：{note}\n{link}"
NOT_REPLIED = "案件 {number}「{type}」问上报人的事，5 天没有回音。请按现有情况处理。"
URGED = "案件 {number}「{type}」被催办（第 {urged} 次），{due} 到期。请尽快处理。"
WARNED = (
    "案件 {number}「{type}」快到期了：{due}。\n{place}\n"
    "办完回复「办结 {number}」；来不及请回复「延期 {number} 原因」。"
)
OVERDUE = "案件 {number}「{type}」已超时（{due} 到期）。请马上处理，办完回复「办结 {number}」。"
SUPERVISED = (
    "督办单：案件 {number}「{type}」{note}\n{place}，{unit}{handler}。\n"
    "请在 {answer_due}前回复「督办 {number} 情况和办法」。"
)
EXTENDED = "案件 {number}「{type}」同意延期，新的期限 {due}。"
NOT_EXTENDED = "案件 {number}「{type}」不同意延期：{note}\n期限仍是 {due}。"
NOT_SUSPENDED = "案件 {number}「{type}」不同意暂缓：{note}\n期限仍是 {due}。"
SUSPENDED = "案件 {number}「{type}」已暂缓，{until} 恢复计时。"
BACK_TO_WORK = "案件 {number}「{type}」恢复计时，{due}前办完。"
PASSED_ON = (
    "案件 {number}「{type}」转给您了：{note}\n{place}\n{due}前办完。{link}\n回复 1 接单，2 退回（请写原因）。"
)
TAKEN_AWAY = "案件 {number}「{type}」改派了，不用再处理。"
UNDONE = "案件 {number}「{type}」：刚才的「{undone}」撤销了，现在是「{state}」。"
UNDONE_TO_PUBLIC = "「{type}」{number}：刚才那条通知请不要管，工作人员点错了。现在是「{state}」。"
APPEAL_GRANTED = "案件 {number}「{type}」超时申诉已同意，考核不计这次超时。"
APPEAL_REFUSED = "案件 {number}「{type}」超时申诉没有通过：{note}"
RECURRED = "治本案件 {number}「{type}」附近{note}。\n{link}\n有进展请回复「备注 {number} 情况」。"
FLAGGED = "案件 {number}「{type}」已挂牌，由您牵头。办法：{note}\n有进展请回复「进展 {number} 情况」。"

# --- who checks it ---
TO_CHECK = "案件 {number}「{type}」{unit}说已处理：{note}\n{link}\n回复 1 核查通过，2 没处理好（请写原因）。"
TO_SEE = (
    "请去现场看一下：{number}「{type}」\n{place}\n{text}\n{link}\n回复 1 情况属实，2 没有这回事（可发照片）。"
)
SECOND_LOOK = (
    "案件 {number}「{type}」抽到复核：{note}\n{link}\n回复 1 核查通过并办结，2 没处理好（请写原因）。"
)

# --- the desk ---
NO_HANDLER = (
    "案件 {number}「{type}」{urgent}需要您派人：{place}。\n"
    "{link}\n"
    "回复「派 {number}」派给属地单位，「不受理 {number} 原因」不受理。"
)
NOBODY_THERE = (
    "案件 {number}「{type}」{urgent}需要您派人，{unit}现在没有人能接：{place}。\n{link}\n"
    "请换单位，回复「派 {number} 单位名」；或者打{unit}的电话 {phone} 叫人。"
)
UNTAKEN = (
    "急件 {number}「{type}」派到{unit}还没人接：{place}。\n{text}\n{link}\n"
    "请换单位，回复「派 {number} 单位名」；或者打{unit}的电话 {phone} 叫人。"
)
URGENT_NOT_SENT = (
    "急件 {number}「{type}」还没有派人：{place}。\n{text}\n{link}\n请回复「派 {number} 单位名」。"
)
CONSULTED = (
    "有人咨询（{number}）：{text}\n{link}\n回复「答 {number} 内容」答复；要人去看，回复「派 {number}」。"
)
TALK_SAID = "{number} 对方说：{note}\n{link}\n回复「答 {number} 内容」接着答；说完了，回复「结束 {number}」。"
TALK_LEFT = "{number} 的对话结束了，不用再答。"
LATE_ANSWER = (
    "有人问的 {number} 还没有答复，已经超过时间：{text}\n{link}\n"
    "回复「答 {number} 内容」答复；要人去看，回复「派 {number}」。"
)
URGED_ANSWER = "{number} 有人催问（第 {urged} 次）：{text}\n回复「答 {number} 内容」答复。"
SENT_BACK = (
    "案件 {number}「{type}」被退回：{note}\n"
    "换单位回复「派 {number} 单位名」，原单位再去回复「派 {number}」，或「不受理 {number} 原因」。"
)
STILL_UNHAPPY = (
    "案件 {number}「{type}」返工后上报人仍不满意：{note}\n{link}\n"
    "请您决定：回复「返工 {number}」再派，或「答 {number} 内容」向对方说明。"
)
ASKED_AGAIN = (
    "{number}「{type}」对方还有疑问：{note}\n{link}\n"
    "回复「答 {number} 内容」再答，或「派 {number}」派人去看。"
)
WANTS_TIME = (
    "案件 {number}「{type}」{unit}申请延期：{note}\n现在的期限 {due}。回复 1 同意，2 不同意（请写原因）。"
)
WANTS_PAUSE = (
    "案件 {number}「{type}」{unit}申请暂缓到 {wanted}：{note}\n"
    "回复 1 同意，2 不同意（请写原因）；要换日子，回复「同意 {number} 日期」。"
)
WANTS_EXCUSE = "案件 {number}「{type}」{unit}申诉超时：{note}\n{link}\n回复 1 同意，2 不同意（请写原因）。"
SEEN = (
    "案件 {number}「{type}」现场核实：{note}\n{link}\n"
    "属实就回复「派 {number}」，不属实回复「不受理 {number} 原因」。"
)
LATE_DISPATCH = (
    "案件 {number}「{type}」等着派人，已经超过时间：{place}。\n回复「派 {number}」或「派 {number} 单位名」。"
)
LATE_INQUIRY = (
    "请人去看的 {number}「{type}」，过了 30 分钟还没有回音：{place}。\n"
    "可以再等等，或者直接派单位去看，回复「派 {number}」。"
)
WARNED_AT_DESK = (
    "案件 {number}「{type}」快到期了：{due}，{unit}没有人在办：{place}。\n{link}\n"
    "换单位请回复「派 {number} 单位名」。"
)
OVERDUE_AT_DESK = (
    "案件 {number}「{type}」已超时（{due} 到期），{unit}没有人在办：{place}。\n{link}\n"
    "换单位请回复「派 {number} 单位名」。"
)
LATE_CHECK = (
    "案件 {number}「{type}」等核查，已经超过 30 分钟。\n{link}\n回复 1 核查通过，2 没处理好（请写原因）。"
)
SUPERVISION_ANSWERED = "督办 {number}「{type}」{unit}回复了：{note}\n{link}"
CALL_IN = "案件 {number}「{type}」督办到期没有回复。是否约谈{unit}，请您决定。\n{link}"
MANY_WANT_IT = (
    "案件 {number}「{type}」有 {followers} 人关注、催办 {urged} 次，请领导过问。\n"
    "{place}，{unit}{handler}，{due} 到期。\n{link}"
)
PARTS_DONE = (
    "案件 {number}「{type}」各部分都已办好。\n{link}\n回复 1 核查通过并办结，2 没处理好（请写原因）。"
)
RECURRING = (
    "「{type}」在 {place} 反复发生，{note}。\n已立为治本案件 {number}。{link}\n"
    "请定牵头单位：回复「派 {number} 单位名」；不用治本，回复「不受理 {number} 原因」。"
)
