"""Signs that a text speaks to a model, in the languages in which such texts are mostly written."""

import re

_THING = r"(?:steps?|actions?|controls?|labels?|elements?|instructions?|captions?|buttons?|sentences?|fields?)"
_MODEL = r"(?:ai|a\.i\.|llm|language model|assistant|model|chatbot|claude|gpt|chatgpt|agents?|labell?er)"
_MUST = r"(?:must|should|shall|has to|have to|needs? to)"

_ORDERS = (
    r"\b(?:ignore|disregard|forget|override|bypass|skip)\b.{0,30}\b(?:instructions?|prompts?|rules?|guide|guidelines?"
    r"|previous|prior|above|earlier|everything|polic(?:y|ies))\b",
    r"\b(?:label|name|call|describe|title|caption|rename|mark|tag)\s+(?:this|every|each|all|any|the|that|it)\b"
    rf".{{0,20}}?\b{_THING}\b",
    r"\b(?:label|name|call|describe|caption|rename)\s+(?:it|this|everything|them)\s+(?:as\b|[\"'“«`:])",
    r"\b(?:respond|reply|answer|output|say|print|mention|include|append|repeat|write|insert)\b\s+(?:only|exactly|with|in"
    r"|the (?:word|words|phrase|string|link|url|address|sentence|text|secret|password|token|key|system|prompt))\b",
    r"\bdo not (?:mention|name|describe|label|call|reveal|tell)\b|\binstead of (?:the|its) (?:name|label|button)\b",
    r"\b(?:send|post|leak|exfiltrate|forward|copy|reveal|paste) .{0,30}\b(?:system prompt|api key|password|cookie|token"
    r"|conversation)s?\b",
)
_ADDRESSES = (
    r"\b(?:you are|you're|act as|pretend to be|behave as) (?:now )?(?:an?|the|in|no longer)\b",
    r"\bfrom now on\b|\bnew (?:instructions?|rules?|tasks?|polic(?:y|ies)):",
    r"\b(?:system|developer|admin(?:istrator)?|operator) (?:prompt|message|note|override|instructions?|mode|notice)\b",
    r"\b(?:as an?|dear|attention|hey|hello|hi|to|for|if you are an?) (?:the |any |all |every )?"
    rf"{_MODEL}\b[\s:,!.;)]",
    rf"\b{_MODEL}s?\s+(?:{_MUST}|reading|that reads?|processing|instructions?)\b",
)
_ABOUT_THE_ANSWER = (
    rf"\b(?:the|your|its|each|every) (?:{_THING}|answer|output|reply|response|guide) (?:{_MUST}|for this|is:)",
    r"\bin (?:every|each|all|your) (?:labels?|instructions?|steps?|answers?|outputs?|captions?|guides?|responses?)\b",
    rf"\b(?:every|each|all) {_THING}\b.{{0,15}}\b(?:{_MUST}|as|with)\b",
    r"\b(?:field_label|tool_use_id|tool_result|stop_reason|end_turn|system_prompt)\b",
)
_FORGED = (
    r"</?\s*(?:tool_?(?:result|use|call)s?|system|assistant|user|human|instructions?|document|function\w*|untrusted\w*"
    r"|page_?\w*|json|data|context|s\d\d|antml\w*)\s*/?>",
    r"<\|[^|]{0,30}\|>|\[/?INST\]|<</?SYS>>|#{2,}\s*(?:system|instruction|assistant|human|user|response)",
    r"(?:^|[\s\"'`>])(?:system|assistant|human|developer)\s*:\s*(?:\S+\s+){3}\S",
    r"[\"'](?:field_label|instruction|evidence|confidence|role|content|type|tool_use_id|tool_result|steps?|s\d\d)[\"']\s*:",
)
_GERMAN = (
    r"ignorier\w*\b.{0,40}(?:anweisung|vorherig|bisherig|regel|alles)",
    r"(?:benenne|beschrifte|nenne|bezeichne|schreib\w*)\b.{0,25}\b(?:schritt|anweisung|beschriftung|anleitung|knopf)",
)
_ROMANCE = (
    r"(?:ignore[zr]?|oublie[zr]?)\b.{0,40}(?:instructions?|consignes|précédent|règles)",
    r"(?:nomme|étiquette|appelle|intitule|écri[st]|écrive)[zr]?\b.{0,25}\b(?:étape|instruction|consigne|bouton)",
    r"(?:ignor[ae]|olvid[ae])\b.{0,40}(?:instrucci|anterior|reglas)",
    r"(?:etiquet[ae]|nombr[ae]|llam[ae]|escrib[ae])\b.{0,25}\bpasos?\b",
    r"ignora\b.{0,40}(?:istruzion|precedent)|(?:etichetta|chiama|nomina|scrivi)\b.{0,25}\bpassagg",
    r"(?:ignore|esqueça)\b.{0,40}instruç|(?:rotule|nomeie|chame|escreva)\b.{0,25}\b(?:etapa|passo)",
)
_NORTHERN = (
    r"negeer\b.{0,40}(?:instructies|vorige)|ignorera\b.{0,30}instruktion|zignoruj|pomiń .{0,30}instrukcj",
    r"yoksay|görmezden gel",
)
_CYRILLIC = (
    r"игнорируй|забудь .{0,30}инструкц|(?:предыдущ|систем)\w* (?:инструкц|указан|подсказ)|назов[иё].{0,20}шаг",
    r"ігноруй",
)
_EASTERN = (
    r"忽略|无视|無視|忽視|系统提示|之前的指令|标记为|步骤.{0,8}(?:命名|标|写)|手順.{0,12}(?:名|ラベル|書)|以前の指示",
    r"무시|지시|تجاهل|अनदेखा|התעלם",
)

SIGN = re.compile(
    "|".join(
        (*_ORDERS, *_ADDRESSES, *_ABOUT_THE_ANSWER, *_FORGED, *_GERMAN, *_ROMANCE, *_NORTHERN, *_CYRILLIC, *_EASTERN)
    ),
    re.IGNORECASE,
)
