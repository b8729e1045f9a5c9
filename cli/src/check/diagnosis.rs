//! From the answers of a server to its faults: the smallest set of quirks that predicts them, and
//! a name for what no quirk explains.

use super::faults::Fault;
use super::message::{Request, Response};
use super::model::{Answer, QUIRKS, Quirks, State, answer, is_weak};
use super::rules::{Right, verdict};

/// A request about conditions, and what came.
#[derive(Clone, Debug)]
pub(super) struct Observation {
    pub(super) id: String,
    pub(super) request: Request,
    pub(super) state: State,
    pub(super) right: Vec<Right>,
    pub(super) came: Answer,
    /// None where the connection broke.
    pub(super) response: Option<Response>,
}

impl Observation {
    fn is_right(&self) -> bool {
        self.right.iter().any(|(answer, _)| *answer == self.came)
    }

    /// Whether an answer that a model predicts is as good as the one that came.
    fn agrees(&self, predicted: Answer) -> bool {
        let allowed = self.right.iter().any(|(answer, _)| *answer == predicted);
        predicted == self.came || (allowed && self.is_right())
    }

    /// The plain right answer.
    pub(super) fn expected(&self) -> Answer {
        self.right[0].0
    }

    /// The choice that the answer shows.
    pub(super) fn choice(&self) -> Option<Fault> {
        let came = |right: &&Right| right.0 == self.came;
        let mut shown = self.right.iter().filter(came).peekable();
        let plain = shown.clone().any(|(_, choice)| choice.is_none());
        if plain { None } else { shown.peek()?.1 }
    }
}

/// The faults, each with the observations that show it, the simplest first.
pub(super) fn faults(observations: &[Observation]) -> Vec<(Fault, Vec<usize>)> {
    let quirks = quirks(observations);
    let mut found: Vec<(Fault, Vec<usize>)> = Vec::new();
    let mut note = |fault, index| match found.iter_mut().find(|(known, _)| *known == fault) {
        Some((_, shown)) => shown.push(index),
        None => found.push((fault, vec![index])),
    };
    for (index, observation) in observations.iter().enumerate() {
        if observation.is_right() {
            continue;
        }
        let Observation { state, request, .. } = observation;
        let predicts = |quirks: &Quirks| answer(quirks, state, request) == observation.came;
        if !predicts(&quirks) {
            note(unexplained(observation), index);
            continue;
        }
        let mut explained = false;
        for &quirk in &quirks {
            let mut without = quirks.clone();
            without.remove(&quirk);
            if !predicts(&without) {
                note(quirk, index);
                explained = true;
            }
        }
        if !explained {
            // Two quirks, each of which would do.
            let alone = |quirk: &&Fault| predicts(&Quirks::from([**quirk]));
            let quirk = quirks.iter().find(alone).copied();
            note(quirk.unwrap_or_else(|| unexplained(observation)), index);
        }
    }
    for (_, shown) in &mut found {
        shown.sort_by_key(|&index| {
            let Request { method, lines, .. } = &observations[index].request;
            (lines.len(), method != "GET")
        });
    }
    found
}

/// The smallest set that one comes to by adding what explains most.
fn quirks(observations: &[Observation]) -> Quirks {
    let mut chosen = Quirks::new();
    loop {
        let disagreeing: Vec<bool> = disagreements(observations, &chosen);
        let mut best: Option<(usize, Fault)> = None;
        for &quirk in QUIRKS {
            let mut more = chosen.clone();
            if !more.insert(quirk) {
                continue;
            }
            let after = disagreements(observations, &more);
            let pairs = || disagreeing.iter().zip(&after);
            let mended = pairs().filter(|&(before, after)| *before && !after).count();
            let broken = pairs().filter(|&(before, after)| !before && *after).count();
            // What a fault would have shown, and has not, speaks against it.
            let gain = mended.saturating_sub(3 * broken);
            if gain > best.map_or(0, |(gain, _)| gain) {
                best = Some((gain, quirk));
            }
        }
        match best {
            Some((_, quirk)) => chosen.insert(quirk),
            None => return pruned(observations, chosen),
        };
    }
}

fn disagreements(observations: &[Observation], quirks: &Quirks) -> Vec<bool> {
    let disagrees = |seen: &Observation| !seen.agrees(answer(quirks, &seen.state, &seen.request));
    observations.iter().map(disagrees).collect()
}

/// Without those that a later one has made needless.
fn pruned(observations: &[Observation], chosen: Quirks) -> Quirks {
    let cost = |quirks: &Quirks| {
        let disagreeing = disagreements(observations, quirks);
        disagreeing
            .into_iter()
            .filter(|&disagrees| disagrees)
            .count()
    };
    let mut kept = chosen.clone();
    for quirk in chosen {
        let mut fewer = kept.clone();
        fewer.remove(&quirk);
        if cost(&fewer) <= cost(&kept) {
            kept = fewer;
        }
    }
    kept
}

/// A name for what no set of quirks explains: by what came where.
fn unexplained(observation: &Observation) -> Fault {
    let Observation { request, state, .. } = observation;
    let malformed = verdict(request, state, false).is_malformed();
    match (observation.came, observation.expected()) {
        (Answer::Rejected, _) => Fault::ValidRefused,
        (Answer::Broken, _) => Fault::Breaks,
        (Answer::Part, _) if malformed && request.has("if-range") => Fault::IfRangeMalformed,
        (Answer::Part, Answer::Whole) if request.values("if-range").any(is_weak) => {
            Fault::IfRangeWeak
        }
        (Answer::Part, Answer::Failed) => Fault::UnexplainedPerformed,
        (Answer::Part, _) => Fault::UnexplainedPart,
        (Answer::NotModified, Answer::Failed) => Fault::OrderOfSteps,
        (Answer::NotModified, Answer::Missing) => Fault::ConditionsFirst,
        (Answer::NotModified, _)
            if malformed && request.has("if-modified-since") && !request.has("if-none-match") =>
        {
            Fault::IfModifiedSinceInvalid
        }
        (Answer::NotModified, _) => Fault::UnexplainedNotModified,
        (Answer::Whole, Answer::Failed) if malformed && request.has("if-match") => {
            Fault::IfMatchMalformedIgnored
        }
        (Answer::Whole, Answer::Failed) => Fault::UnexplainedPerformed,
        (Answer::Whole, Answer::NotModified) => Fault::UnexplainedWhole,
        (Answer::Failed, _) if malformed && request.has("if-unmodified-since") => {
            Fault::IfUnmodifiedSinceInvalid
        }
        (Answer::Failed | Answer::Unsatisfied, _) => Fault::UnexplainedRefusal,
        _ => Fault::UnexplainedStatus,
    }
}

#[cfg(test)]
mod tests {
    use std::collections::HashSet;

    use super::super::requests;
    use super::super::rules::right_answers;
    use super::super::vectors::{Sendable, sendable};
    use super::*;

    /// A server without quirks is one that is right: the model agrees with the library.
    #[test]
    fn without_quirks_the_model_gives_a_right_answer_to_everything() {
        let full = State {
            exists: true,
            tag: Some(b"\"Ab1\"".to_vec()),
            modified: Some(1_740_787_200),
            length: 36,
            ranges: true,
            now: 1_800_000_000,
        };
        let mut count = 0;
        for state in [
            State {
                exists: false,
                tag: None,
                modified: None,
                ..full.clone()
            },
            State {
                tag: Some(b"W/\"Ab1\"".to_vec()),
                ..full.clone()
            },
            State {
                tag: None,
                ..full.clone()
            },
            State {
                modified: None,
                ..full.clone()
            },
            full,
        ] {
            let mut known = HashSet::new();
            let own = requests::of(&state, "/");
            let mut asked: Vec<_> = own
                .into_iter()
                .map(|(id, request)| (id, right_answers(&request, &state), request))
                .collect();
            for Sendable { id, request, right } in sendable(&state, "/", &mut known, true) {
                asked.push((id, right, request));
            }
            for (id, right, request) in asked {
                let modelled = answer(&Quirks::new(), &state, &request);
                assert!(
                    right.iter().any(|(answer, _)| *answer == modelled),
                    "{id}: {modelled:?}, {right:?}"
                );
                count += 1;
            }
        }
        assert!(count > 1000, "only {count}");
    }
}
