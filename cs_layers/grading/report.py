"""From what the processes said to what nbgrader reads and people see: outputs, scores, reasons, the stamp."""

import html
import json

from cs_layers.grading import names as naming
from cs_layers.grading.display import clean_outputs, clean_text, without_addresses, without_commands
from cs_layers.grading.sandbox import probe
from cs_layers.grading.verdict import Verdict, not_run

MAX_SHOWN_CELL, MAX_SHOWN = 10_000, 50_000
"""Characters of a student's text that a graded notebook holds, in one cell and in all."""
MAX_TABLES = 500_000
"""Characters of HTML that it holds."""

NOT_RUN = "The notebook was not run (--no-execute), so no test could be passed."

TEXTS = {
    "namespaces": "own file tree, processes and network, Landlock, seccomp, limits",
    "landlock": "Landlock, seccomp, limits",
    "unsandboxed": "UNSANDBOXED: a separate process with limits only",
}


def job_cells(nb, bundle):
    """What the checker is given of each code cell."""
    own = {cell.grade_id: cell for cell in bundle.solutions if cell.grade_id}
    cells = []
    for index, cell in enumerate(nb.cells):
        kind = cell.metadata.get("cs_layers", {}).get("kind")
        if cell.cell_type != "code" or kind not in ("student", "shared", "check"):
            continue
        data = cell.metadata.get("nbgrader", {})
        answer = own.get(data.get("grade_id")) if kind == "student" else None
        cells.append(
            {
                "index": index,
                "kind": kind,
                "source": cell.source,
                "grade_id": data.get("grade_id", ""),
                "points": float(data.get("points", 0) or 0),
                "provides": answer.provides if answer else [],
                "imports": answer.imports if answer else [],
                "classes": answer.classes if answer else {},
                "apart": kind == "shared" and cell.source in bundle.apart,
            }
        )
    return cells


def finish(nb, bundle, ran, seed, notes, limits):
    """Put outputs, verdicts and the stamp into a notebook.

    Returns
    -------
    Graded
    """
    from cs_layers.grading.engine import Graded

    problem = nb.metadata.get("cs_layers", {}).get("problem")
    results, summary, failure = without_addresses(ran.results), without_addresses(ran.summary), ran.failure
    scores, reasons, verdicts, count = {}, {}, {}, 0
    for index, cell in enumerate(nb.cells):
        if cell.cell_type != "code":
            continue
        count += 1
        result = results.get(index, {})
        outputs = clean_outputs(result.get("outputs") or [])
        if cell.metadata.get("cs_layers", {}).get("kind") == "check":
            verdict = (
                Verdict(**result["verdict"])
                if result.get("verdict")
                else not_run(problem or failure or "the test left no record")
            )
            grade_id, points = cell.metadata.nbgrader.grade_id, float(cell.metadata.nbgrader.points)
            outputs = [_quiet(output) for output in outputs] + _verdict_outputs(verdict, points)
            scores[grade_id] = (verdict.score, points)
            verdicts[grade_id] = vars(verdict)
            if verdict.status != "passed":
                reasons[grade_id] = verdict.reason
        cell.outputs = [_node(output) for output in outputs]
        cell.execution_count = count
    level = summary.get("level")
    log = {
        "level": level, "layers": summary.get("held", {}), "seed": seed, "limits": limits.as_dict(), "notes": notes,
        "verdicts": verdicts, "failure": failure, "calls": summary.get("calls"),
        "restarts": summary.get("restarts"), "changed_in_place": summary.get("changed_in_place"),
        "events": summary.get("log", []), "errors": summary.get("errors", []), "detail": summary.get("detail", ""),
        "bundle": bundle.version[:16],
    }  # fmt: skip
    nb.metadata["cs_layers"] = {**nb.metadata.get("cs_layers", {}), "audit": json.loads(json.dumps(log))}
    log["seconds"] = ran.seconds  # not in the notebook, which is to be the same whenever and wherever it is graded
    _shorten(nb)
    nb.cells.insert(0, _stamp(problem, notes, level, summary, scores, reasons, failure))
    return Graded(nb, scores, reasons, notes, log)


def _shorten(nb):
    """Leave out of a graded notebook what a page would take minutes to colour or to clean. It was run, and it lies in
    the submission."""
    text, tables = MAX_SHOWN, MAX_TABLES
    for cell in nb.cells:
        if cell.metadata.get("nbgrader", {}).get("solution") or cell.metadata.get("cs_layers", {}).get("extra"):
            room = min(MAX_SHOWN_CELL, text)
            text -= min(room, len(cell.source))
            if len(cell.source) > 2000:  # lines of blanks are what takes longest
                cell.source = "\n".join(line.rstrip() for line in cell.source.split("\n"))
            if len(cell.source) > room:
                cell.source = cell.source[:room] + f"\n# ... {len(cell.source) - room} characters more, not shown ...\n"
        for output in cell.get("outputs", ()):
            size = len(output.get("data", {}).get("text/html", ""))
            if size > tables:
                output.data = {"text/plain": "... a table, not shown: this notebook shows too many ..."}
            else:
                tables -= size


def _quiet(output):
    """In a test cell, nothing but the verdict may cost or give points: warnings are shown as text, values as
    displays."""
    if output["output_type"] == "stream":
        return {**output, "name": "stdout"}
    if output["output_type"] == "execute_result":
        return {"output_type": "display_data", "data": output["data"], "metadata": {}}
    return output


def _verdict_outputs(verdict, points):
    if verdict.status == "passed":
        return []
    if verdict.status == "partial" and 0 < verdict.score < points:
        text = f"Partial credit, {verdict.score:g} of {points:g}: {verdict.reason}\n"
        return [
            {"output_type": "stream", "name": "stdout", "text": clean_text(text)},
            {
                "output_type": "execute_result",
                "data": {"text/plain": f"{verdict.score:.6g}"},
                "metadata": {},
                "execution_count": None,
            },
        ]
    where = "hidden test: " if verdict.hidden else ""
    name, reason = clean_text(verdict.name or "Failed", 100), clean_text(where + verdict.reason, 4000)
    return [{"output_type": "error", "ename": name, "evalue": reason, "traceback": [f"{name}: {reason}"]}]


def _node(output):
    from nbformat import from_dict

    return from_dict(output)


def _stamp(problem, notes, level, summary, scores, reasons, failure):
    """The first cell of a graded notebook: what was odd, what each test gave, what kept the code apart."""
    import nbformat

    lines = ["**How this was graded**", ""]
    if problem:
        lines += [f"*{_text(problem)}*", ""]
    if failure:
        lines += [
            f"*Grading broke off: {_text(failure)}. What was not reached has no points; please tell your instructor.*",
            "",
        ]
    for grade_id, (score, points) in scores.items():
        reason = reasons.get(grade_id, "")
        lines.append(f"- `{grade_id}`: {score:g} of {points:g}" + (f". {_text(reason)}" if reason else ""))
    lines += [f"- {_text(note)}" for note in notes if note != problem]
    if not problem:
        held = sum(summary.get("held", {}).values())
        lines += [
            "",
            f"Isolation: {TEXTS.get(level, 'none known')} ({held} of {len(probe.REQUIRED['namespaces'])} trials held).",
        ]
    cell = nbformat.v4.new_markdown_cell("\n".join(lines))
    cell.id = "grading-report"
    cell.metadata["cs_layers"] = {"kind": "report"}
    return cell


def _text(text):
    """Text as markdown that shows it as it is, in one line."""
    text = html.escape(clean_text(without_commands(text), 1200).replace("\n", " "), quote=False)
    return "".join("\\" + letter if letter in "\\`*_[]#|!$" else letter for letter in text)


def comment_of(reasons, tests):
    """The comment beside an answer: one paragraph for each test of it that failed."""
    return "\n\n".join(f"`{grade_id}`: {_text(reasons[grade_id])}" for grade_id in tests if grade_id in reasons)


def tests_of_answers(cells):
    """grade_id of each answer to the grade_ids of its tests: those named after it, else those that follow it."""
    answers, found, last = [], {}, None
    for cell in cells:
        data = cell.metadata.get("nbgrader", {})
        grade_id = data.get("grade_id")
        if data.get("solution"):
            answers.append(grade_id)
            found[grade_id], last = [], grade_id
        elif data.get("grade"):
            named = [answer for answer in answers if grade_id == f"{answer}_test"]
            owner = named[0] if named else last
            if owner is not None:
                found[owner].append(grade_id)
    return found


def hide_tests(source):
    """A test cell's text with its hidden part taken out."""
    hidden = naming.hidden_lines(source)
    if not hidden:
        return source
    lines, last = [], None
    for number, line in enumerate(source.split("\n"), 1):
        if number not in hidden:
            lines.append(line)
        elif last not in hidden:
            lines.append("# hidden tests: not shown")
        last = number
    return "\n".join(lines)


def remarks(graded):
    """What the table at the end says about a notebook."""
    problem, log = graded.notebook.metadata.cs_layers.get("problem"), graded.log
    odd = [*graded.notes, *log.get("events", [])]
    if log.get("failure"):
        odd.insert(0, log["failure"])
    if log.get("level") == "unsandboxed":
        odd.insert(0, "UNSANDBOXED")
    return {"odd": odd, "level": log.get("level"), "stopped": bool(problem or log.get("failure"))}
