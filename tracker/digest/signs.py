"""The signs by which topics.py tells what an announcement is about: phrases, and shapes of titles.

A phrase is whole words without case and with straight apostrophes; `*` stands for any letters, a blank for a
blank or a dash. A sign is general: it names no model and no maker of one.
"""

from __future__ import annotations

import re
from collections.abc import Iterator
from functools import cache
from typing import NamedTuple

OTHER = "other"


class Sign(NamedTuple):
    """What speaks for a topic, and how heavily. `where` is title, start, shape, text or filed."""

    topic: str
    weight: int
    where: str
    pattern: re.Pattern[str]


# topic, weight, where, phrases
PHRASES = """
incident 7 title: outage*, elevated error*, degraded, downtime, post mortem, postmortem, quality reports,
    incident*, disruption, service disruption*, went wrong, security incident, data breach, breach,
    vulnerability disclosure, status update
deprecation 7 title: deprecat*, retire, retires, retired, retiring, retirement, sunset*, shut down, shuts
    down, shutting down, shutdown, end of life, discontinu*, switched off, no longer maintained, no longer
    available, no longer supported, sunsetting, phasing out, turning off, removal of, moving away from, will
    be retired
funding 9 title: series a, series b, series c, series d, series e, series f, series g, series h, valuation,
    acquires, acquire, acquired, acquisition, ipo, investment from, seed round, funding round, raises,
    raised, acquiring, merger, merges with, takeover, investment round, strategic investment, invests in,
    funding to, and investment
licence 9 title: licence*, license*, relicens*, legal protections, indemnit*, unsupported regions, restrictions of, supported countries
licence 20 title: terms of use, terms of service, consumer terms, commercial terms, usage policy
price 13 title: lower pric*, new pric*, cut pric*, cuts pric*, simple* pric*, price cut*, price change*,
    price drop*, pricing update, our pricing, api pricing, model pricing, cheaper, usage limits, increased
    usage, rate limits, discount*, pricing, price reduction*, free tier, pay as you go, usage based, free year, free month*, months free, complimentary
weights 7 title: open weight, open weights, open release*, open sourcing, open source model*, open source *
    model*, open source foundation, publishes the weights, open sources, open sources its
speed 5 title: latency, throughput, tokens per second, inference, kernel*, kv cache, decoding, quanti*,
    speedup*, disaggregat*, prefill, decode, load balancer, serving, optimized, optimised, optimization*,
    parallelism, attention, goodput, acceleration, mixture of experts, moe, speculation, ttft, batching,
    prefix caching, compiler, triton kernel*, sharding, low latency, inferencing, memory bandwidth,
    roofline, cold start*, autoscaling, chip, chips, silicon, data center*, data centre*, hyperscaler, lpu,
    gpu, gpus, tpu, tpus, rocm, blackwell, gb200, gb300, h100, h200, b200, hbm*, memory footprint, memory efficient, hbm, accelerator, accelerators, cuda, apple silicon, nvlink
speed 2 title: fast, faster, fastest, speed, performance
speed 12 title: gigawatt*, compute deal, compute partner*, compute capacity, of compute, of new compute, next
    generation compute, speculative decoding, supercomputer*, compute cluster, data center footprint, of
    inference
research 4 title: paper, system card, interpretab*, alignment, misalignment, discoveries, discovering,
    mechanisms, measuring, quantifying, findings, eval, evals, evaluation, evaluations, rl, training,
    disease, diseases, genetic, molecular, aging, ageing, medicines, protein*, biolog*, algorithm, laws,
    circuits, teaching, manipulation, bias, persuasion, persuasiveness, sabotage, math*, olympiad, fusion,
    quantum, genom*, weather, theorem*, reinforcement, how people, how users, benchmark suite, faithful*,
    sycophan*, jailbreak*, deception, deceptive, reward hacking, red teaming, chain of thought, neurons,
    neural, features, superposition, scaling laws, self supervised, unsupervised, representation*,
    cognitive, cells, chemistry, physics, materials, clinical, drug, simulation*, estimating, assessing,
    investigating, probing, auditing, detecting, evidence, analyzing, tracing, emergent, forecasting,
    geometry, proof*, brain, mind of, linear, personality, values, introspect*, monitorability, generaliz*,
    classifiers, poisoning, subliminal, benchmark, benchmarks, benchmarking, dataset, experimenting, test time, pretraining, predicts, predicting, prediction*, uncovering, drug discovery, cancer, dna, patients, clinicians, perception, robotics research
research 9 title: economic index, study, technical report, dataset, datasets, report how
research 2 title: research
research 6 start: testing, modeling, modelling, progress from, progress in, how people use, how we compare, how we
    measure, how we evaluate, how we monitor, uncovering, predicting, decoding, mapping the mind, experiments
research 8 text: dataset, datasets, research artifacts, research artefacts
launch 7 start: announcing, meet, launch*, unveil*, open sourcing, new in
launch 7 title: introducing, now supports, now serving
launch 4 title: now, is live, is here, is available, are live, are here, are available, is open sourcing,
    generally available, arrive, arrives, arrived, public beta, launch, launches, day zero, integrates, can
    now, rolls out, rolling out, unveils, debuts, introduces, comes to, coming to, releases, released, joins
    * family, early access, research preview, for everyone, upgraded, in beta, expands to, available in,
    available on, has arrived, announces * * support, announces * support, new benefits, works with, now works
launch 9 start: show hn
launch 6 title: on amazon *, on aws *, on azure *, on google cloud *, on vertex *, in amazon bedrock, model yet, best yet, most capable, most powerful
launch 3 title: api, apis, sdk, plugin, plugins, connector, connectors, beta, preview, mode, modes, support
    for, support in, the new, all new, meets, console, editor, integration, integrations, extension,
    extensions, environments, controls, settings, assistant, available, live, mini, nano, flash, lite, pro,
    ultra, turbo, ocr, tts, speech, app, apps, desktop, ios, android, windows, chrome, slack, excel, voice,
    function calling, tool calling, structured output*, citations, embed, embeddings, rerank*, image
    generation, image editing, text to speech, speech to text, transcription, cli, terminal, studio,
    workspace, workspaces, dashboard, marketplace, library, libraries, playground, agent mode, hooks, plug
    in, web search, code review, batches, projects, artifacts, toolkit, templates, sso, webhooks,
    websockets, for work, for teams, for enterprise, for students, for education, for government, for
    developers, for financial services, for finance, for life sciences, for nonprofits, for science
launch 3 start: generate, ask, share, shop, search, put, turn, automate, fine tune, collaborate, use,
    connect, run, extend, customize, tailor, audit, interact, simulate, understand, increase, bringing,
    making, redesigning, closing, supercharge, expanding, new, improved, improve, evaluate, discover,
    create, get to, build and, run *, try, explore, access, unlock, personalize, talk to, chat with, see,
    schedule, track, work with, control, deploy, manage, monitor, integrate, simplify, rolling out,
    releasing, previewing, say hello
launch 3 text: available on, available in, available to, is available, are available, starting today,
    excited to announce, excited to introduce, excited to unveil, excited to release, thrilled to announce,
    thrilled to introduce, thrilled to present, proud to announce, happy to announce, we're announcing,
    we're introducing, we're launching, we're releasing, we're previewing, has announced, has introduced,
    has launched, has released, is launching, by launching, now support*, now available, now live, in
    preview, general availability, available to try
other 8 title: best practices, prompt engineering, guide, how to, lessons, tips, playbook, hackathon, recap,
    meetup, appoint*, name, names, named, recognized, recognised, office, offices, partner, partners,
    partnering, partnership, partnerships, collaborates, collaborating, mou, episode, team up, teams up,
    policy, lawsuit, interview, years of, readiness, endors*, customer story, lessons learned, getting
    started, tutorial, primer, checklist, faq, cookbook, recipes, podcast, webinar, keynote, fireside, ask
    me anything, takeaways, predictions, year in review, highlights
other 4 start: how, build a, build an, inside, behind, under the hood, beyond, what, why, get ready, from,
    everything, zero trust, statement, the, in conversation, lessons from, when, where, who, can, is, are,
    do, does, on the, understanding, an update on, our approach, meeting, protecting, preparing,
    strengthening, celebrating, reflections, ask hn, tell hn
other 3 title: how, security, safeguards, responsible
other 5 title: our, we, is using, are using, x, update, community, trust, action plan, thoughts on, response
    to, recommendations, statement, constitution, commitment*, tutorial, introduction to, deep dive,
    explained, debugging, examples, story, stories, america, american, adoption, transformation, strategy,
    happy, celebrat*, welcome*, at work, exploring, reimagining, rethinking, rebuilding, when, should,
    award*, donat*, gift, grants, selects, selected, chooses, adopts, opens, opening, hub, headquarters,
    memorandum, sovereign*, ministry, parliament, congress, department, uk, eu, europe*, japan*, korea*,
    india*, australia*, france, canad*, saudi, german*, africa*, brazil*, singapore, london, paris, tokyo,
    seoul, customers, education program*, impact, is a, is an, is the, is not, uses, builds with, built
    with, powered by, testimony, bill, regulation*, regulators, election*, export controls, governance,
    principles, compliance, soc 2, iso, hipaa, gdpr, certification, threat intelligence, misuse, countering,
    child safety, national security, federal, white house, future of, rise of, case for, path to, road to,
    vision for, choosing, comparing, versus, vs, ways to, things, steps, manifesto, jobs, workforce,
    economy, hiring, careers, culture, team, founders, joins as, students, university, universities,
    scholars, fellows, fellowship*, teachers, nonprofit*, government, governments, senate, minister, nation,
    national, china, mexico, israel, ukraine, rwanda, iceland, switzerland, italy, spain, taiwan, dubai,
    uae, qatar, bangalore, bengaluru, sydney, new york, zurich, munich, dublin, collaboration*, using, help, helps, helping, prompting, challenges, employees, across its, birthday, thank you, era of, the * era, partner network, economic growth, startup program
research 4 text: new study, a study, study finds, this paper, our paper, we find, researchers,
    new research, breakthrough*, experimenting with, algorithm, generative ai research
other 3 text: learn how, this guide, tutorial, walkthrough, step by step, in this guide, in this post, in
    this article, best practices, news and insights, in this issue, case study
other 9 title: advisory board, advisory council, program, programme, cohort, chief, svp, officer, ceo, cto,
    join forces, alliance, conference, pledge, bug bounty, institute, accelerator, initiative, board of
    directors, summit, winners, vp, head of, president, board, general manager, managing director,
    competition, contest, awards, fund, curriculum, forum, scholarship*
weights 7 text: open weight, open weights, open source model for, open source models, open source * model
    for, open source * models, open source * * models, apache 2.0, open source models for, model weights,
    weights are available, weights available, open source * model, under apache, mit license, permissive
    license, on hugging face, we're open sourcing, we are open sourcing, we're releasing the weights,
    released the weights, release the weights, open model for, latest open model*, best open model*, new open model*, first open model*
speed 1 text: throughput, latency, kv cache, kernel, kernels, quanti*, speculative decoding, gpu, gpus, tpu,
    tpus, blackwell, nvfp4, fastest
speed 2 text: serving, inference
funding 7 text: agreement to be acquired, funding round, we raised, we've raised
launch 1 text: new, now, introduc*, releas*
research 1 filed: research
research 4 filed: publication*, paper*, interpretability, alignment
launch 4 filed: product*, launch*, release*, update*, feature*, changelog
other 3 filed: policy, societal impact*, case stud*, customer*, event*, business, enterprise*, community,
    culture, press, partner*, people, tutorial*, guide*, engineering, security, responsible*, public sector,
    solutions
other 20 filed: team
other 2 filed: company, agents, coding, education
"""
SUM = r"[$€]\s?\d|\d\s?[MBmb]?\s?€"
NEW = "Introducing|Announcing|Launching|Unveiling|Bringing|Making|Expanding|Upgrading|Advancing|Redesigning"
NEW += "|Closing|Accelerating|Measuring|Quantifying|Open|Enabling"
# Case tells names from words here.
SHAPES = (
    ("funding", 9, rf"(?i:\b(?:raises?|raised|invests?|adds?|lands|gets)\b).*(?:{SUM})"),
    ("funding", 9, r"^[\w.]+ (?:is joining|joins) [A-Z]|(?i:\bbuy(?:s|ing) .*startup)"),
    # Plans have these names.
    ("price", 9, r"^(?:Updates?|Changes) to .*\b(?:[Pp]lans?|Pro|Max|Plus|Teams?|Ultra)\b"),
    ("deprecation", 7, r"(?i:\btransition\w* .+ to\b)"),
    ("speed", 12, r"(?i:\binvest\w* .*\b(?:infrastructure|data cent\w+)\b)"),
    ("speed", 4, r"\d[x×] (?i:acceleration|speed)"),
    ("launch", 3, r"\bv?\d+\.\d+\b"),
    # A name and what it is; a name for, in or on something; hardly more than a name.
    ("launch", 3, r"^\w?[A-Z][\w.-]*(?: (?:[A-Z\d][\w.-]*|in|for)){0,3}: (?!An? \w+ update)"),
    ("launch", 3, r"^(?=[^ ]+(?: [^ ]+)?$|[^ ]+.* [A-Z0-9])(?:[^ ]+(?: |$)){1,5}$"),
    # What was read off a page begins with its date and its kind.
    (OTHER, 9, r"^[A-Z][a-z]{2} \d{1,2}, \d{4}(?:Policy|Announcements)"),
    # An essay or a guide begins with what one is doing; a round-up lists what it holds.
    (OTHER, 4, rf"^(?i:\w+ly )?(?!(?:{NEW})\b)[A-Z][a-z]+ing\b"),
    # What a customer does with it.
    (OTHER, 6, r"^[A-Z]\S*(?: [A-Z]\S*)? (?:builds|cuts|doubles|improves|saves|scales|speeds) .*with "),
    # What a partnership puts into somebody's hands is a launch, what it is for alone is not.
    (OTHER, -8, r"(?i:\b(?:partners?|partnership|collaborates?|teams up)\b.* to (?:launch|enhance|power)\b|expands? partnership\b.* to (?:bring|provide)\b)"),
    ("launch", 7, r"(?i:\b(?:partners?|partnership|collaborates?|teams up)\b.* to (?:launch|enhance|power)\b|expands? partnership\b.* to (?:bring|provide)\b)"),
    ("funding", 12, r"^Welcoming [A-Z]\S+ to "),
    # Do this with our product.
    ("launch", 3, r"^(?:Book|Research|Plan|Order|Buy|Track|Watch|Listen|Read|Reserve|Organize|Draft|Study|Secure|Save)\b.* (?:with|on|in) [A-Z]"),
    # A tool that a research blog gives away is for use.
    ("research", -9, r"(?i)\b(?:open[- ]source|open[- ]sourcing)\b.*\b(?:tools?|toolkit)\b|\bcan now\b"),
    ("launch", 4, r"(?i)\b(?:an open[- ]source|open[- ]sourcing)\b.*\b(?:tools?|toolkit)\b"),
    ("research", 20, r"\bReport: "),
    (OTHER, 9, r"\b[Bb]log$|\((?:19|20)\d\d\)$|\[(?:pdf|video)\]$"),
    (OTHER, 20, r"^\w?[A-Z0-9][^,]* [^,]+(?:, \w?[A-Z0-9][^,]* [^,]+){2}"),
)


@cache
def signs() -> tuple[Sign, ...]:
    """The signs, ready to be looked for; phrases want text without case."""
    return tuple(_phrases()) + tuple(Sign(t, w, "shape", re.compile(p)) for t, w, p in SHAPES)


def _phrases() -> Iterator[Sign]:
    for line in PHRASES.replace("\n    ", " ").strip().splitlines():
        head, _, phrases = line.partition(": ")
        topic, weight, where = head.split()
        any_of = "|".join(_pattern(phrase) for phrase in phrases.split(", "))
        begins = "^" if where == "start" else r"(?<!\w)"
        yield Sign(topic, int(weight), where, re.compile(rf"{begins}(?:{any_of})(?!\w)"))


def _pattern(phrase: str) -> str:
    """A phrase as a regular expression: a `*` by itself is a word, within one it is its ending."""
    words = (r"[\w,-]+" if word == "*" else re.escape(word).replace(r"\*", r"\w*") for word in phrase.split())
    return "[- ]".join(words)
