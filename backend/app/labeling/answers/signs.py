"""Signs that a text speaks to a model, in the languages in which such texts are mostly written.

Each is a pattern for casefolded text beside the words of which every match holds at least one: looking for those first
makes an ordinary text cost a tenth.
"""

import re

_THING = r"(?:steps?|actions?|controls?|labels?|elements?|instructions?|captions?|buttons?|sentences?|fields?)"
_MODEL = r"(?:ai|a\.i\.|llm|language model|assistant|model|chatbot|claude|gpt|chatgpt|agents?|labell?er)"
_MUST = r"(?:must|should|shall|has to|have to|needs? to)"
_MODELS = ("ai", "a.i.", "llm", "model", "assistant", "chatbot", "claude", "gpt", "agent", "labeler", "labeller")
_THINGS = (
    "step", "action", "control", "label", "element", "instruction", "caption", "button", "sentence", "field"
)  # fmt: skip
_ANSWERS = ("answer", "output", "reply", "response", "guide", *_THINGS)
_FIELDS = ("field_label", "tool_use_id", "tool_result", "stop_reason", "end_turn", "system_prompt")

_PATTERNS: tuple[tuple[tuple[str, ...], str], ...] = (
    # Orders
    (
        ("ignore", "disregard", "forget", "override", "bypass", "skip"),
        r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,30}\b(?:instructions?|prompts?|rules?|guide"
        r"|guidelines?|previous|prior|above|earlier|everything|polic(?:y|ies))\b",
    ),
    (
        _THINGS,
        r"\b(?:label|name|call|describe|title|caption|rename|mark|tag)\s+(?:this|every|each|all|any|the|that|it)\b"
        rf".{{0,20}}?\b{_THING}\b",
    ),
    (
        ("label", "name", "call", "describe", "caption"),
        r"\b(?:label|name|call|describe|caption|rename)\s+(?:it|this|everything|them)\s+(?:as\b|[\"'“«`:])",
    ),
    (
        (
            "respond",
            "reply",
            "answer",
            "output",
            "say",
            "print",
            "mention",
            "include",
            "append",
            "repeat",
            "write",
            "insert",
        ),
        r"\b(?:respond|reply|answer|output|say|print|mention|include|append|repeat|write|insert)\b"
        r"\s+(?:only|exactly|with|in"
        r"|the (?:word|words|phrase|string|link|url|address|sentence|text|secret|password|token|key|system|prompt))\b",
    ),
    (
        ("do not", "instead of"),
        r"\bdo not (?:mention|name|describe|label|call|reveal|tell)\b|\binstead of (?:the|its) (?:name|label|button)\b",
    ),
    (
        ("system prompt", "api key", "password", "cookie", "token", "conversation"),
        r"\b(?:send|post|leak|exfiltrate|forward|copy|reveal|paste) .{0,30}"
        r"\b(?:system prompt|api key|password|cookie|token|conversation)s?\b",
    ),
    # Speaking to somebody
    (
        ("you are", "you're", "act as", "pretend to be", "behave as"),
        r"\b(?:you are|you're|act as|pretend to be|behave as) (?:now )?(?:an?|the|in|no longer)\b",
    ),
    (("from now on", "new "), r"\bfrom now on\b|\bnew (?:instructions?|rules?|tasks?|polic(?:y|ies)):"),
    (
        ("system ", "developer ", "admin ", "administrator ", "operator "),
        r"\b(?:system|developer|admin(?:istrator)?|operator) "
        r"(?:prompt|message|note|override|instructions?|mode|notice)\b",
    ),
    (
        _MODELS,
        r"\b(?:as an?|dear|attention|hey|hello|hi|to|for|if you are an?) (?:the |any |all |every )?"
        rf"{_MODEL}\b[\s:,!.;)]",
    ),
    (_MODELS, rf"\b{_MODEL}s?\s+(?:{_MUST}|reading|that reads?|processing|instructions?)\b"),
    # About the answer
    (
        _ANSWERS,
        rf"\b(?:the|your|its|each|every) (?:{_THING}|answer|output|reply|response|guide) (?:{_MUST}|for this|is:)",
    ),
    (
        _ANSWERS,
        r"\bin (?:every|each|all|your) "
        r"(?:labels?|instructions?|steps?|answers?|outputs?|captions?|guides?|responses?)\b",
    ),
    (_THINGS, rf"\b(?:every|each|all) {_THING}\b.{{0,15}}\b(?:{_MUST}|as|with)\b"),
    (_FIELDS, rf"\b(?:{'|'.join(_FIELDS)})\b"),
    # Forged
    (
        ("<",),
        r"</?\s*(?:tool_?(?:result|use|call)s?|system|assistant|user|human|instructions?|document|function\w*"
        r"|untrusted\w*|page_?\w*|json|data|context|s\d\d|antml\w*)\s*/?>|<\|[^|]{0,30}\|>|<</?sys>>",
    ),
    (("[",), r"\[/?inst\]"),
    (("##",), r"#{2,}\s*(?:system|instruction|assistant|human|user|response)"),
    (
        ("system", "assistant", "human", "developer"),
        r"(?:^|[\s\"'`>])(?:system|assistant|human|developer)\s*:\s*(?:\S+\s+){3}\S",
    ),
    (
        ('"', "'"),
        r"[\"'](?:field_label|instruction|evidence|confidence|role|content|type|tool_use_id|tool_result|steps?|s\d\d)"
        r"[\"']\s*:",
    ),
    # German
    (("ignorier",), r"ignorier\w*\b.{0,40}(?:anweisung|vorherig|bisherig|regel|alles)"),
    (
        ("nenne", "schrift", "bezeichne", "schreib"),
        r"(?:benenne|beschrifte|nenne|bezeichne|schreib\w*)\b.{0,25}"
        r"\b(?:schritt|anweisung|beschriftung|anleitung|knopf)",
    ),
    # French
    (("ignore", "oublie"), r"(?:ignore[zr]?|oublie[zr]?)\b.{0,40}(?:instructions?|consignes|précédent|règles)"),
    (
        ("étape", "instruction", "consigne", "bouton"),
        r"(?:nomme|étiquette|appelle|intitule|écri[st]|écrive)[zr]?\b.{0,25}\b(?:étape|instruction|consigne|bouton)",
    ),
    # Spanish
    (("ignor", "olvid"), r"(?:ignor[ae]|olvid[ae])\b.{0,40}(?:instrucci|anterior|reglas)"),
    (("paso",), r"(?:etiquet[ae]|nombr[ae]|llam[ae]|escrib[ae])\b.{0,25}\bpasos?\b"),
    # Italian
    (("ignora",), r"ignora\b.{0,40}(?:istruzion|precedent)"),
    (("passagg",), r"(?:etichetta|chiama|nomina|scrivi)\b.{0,25}\bpassagg"),
    # Portuguese
    (("instruç",), r"(?:ignore|esqueça)\b.{0,40}instruç"),
    (("etapa", "passo"), r"(?:rotule|nomeie|chame|escreva)\b.{0,25}\b(?:etapa|passo)"),
    # Dutch, Swedish, Polish, Turkish
    (("negeer",), r"negeer\b.{0,40}(?:instructies|vorige)"),
    (("ignorera",), r"ignorera\b.{0,30}instruktion"),
    (("zignoruj", "pomiń"), r"zignoruj|pomiń .{0,30}instrukcj"),
    (("yoksay", "görmezden gel"), r"yoksay|görmezden gel"),
    # Russian and Ukrainian
    (
        ("игнорируй", "инструкц", "указан", "подсказ", "назов", "ігноруй"),
        r"игнорируй|забудь .{0,30}инструкц|(?:предыдущ|систем)\w* (?:инструкц|указан|подсказ)|назов[иё].{0,20}шаг"
        r"|ігноруй",
    ),
    # Chinese and Japanese
    (
        ("忽略", "无视", "無視", "忽視", "系统提示", "之前的指令", "标记为", "步骤", "手順", "以前の指示"),
        r"忽略|无视|無視|忽視|系统提示|之前的指令|标记为|步骤.{0,8}(?:命名|标|写)|手順.{0,12}(?:名|ラベル|書)|以前の指示",
    ),
    # Korean, Arabic, Hindi, Hebrew
    (("무시", "지시", "تجاهل", "अनदेखा", "התעלם"), r"무시|지시|تجاهل|अनदेखा|התעלם"),
)
_SIGNS = [(hints, re.compile(pattern)) for hints, pattern in _PATTERNS]


def speaks_to_a_model(text: str) -> bool:
    """Whether there is a sign in the casefolded text."""
    return any(any(map(text.__contains__, hints)) and sign.search(text) for hints, sign in _SIGNS)
