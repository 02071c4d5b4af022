//! Batch engines: the number of this task, and job files.

use std::path::Path;

use super::Failure;
use crate::results::is_control;
pub(super) use crate::results::quoted;

/// An engine that numbers its tasks by an environment variable.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum Engine {
    /// A job array of Slurm
    Slurm,
    /// An indexed job of Kubernetes
    Kubernetes,
    /// An array job of AWS Batch
    AwsBatch,
    /// GNU parallel
    Parallel,
}

/// The kinds of job files.
#[derive(Clone, Copy, Debug, PartialEq, Eq, clap::ValueEnum)]
pub(super) enum JobFile {
    /// A batch script with a job array
    Slurm,
    /// A manifest of an indexed job
    Kubernetes,
    /// A shell script
    Parallel,
}

impl Engine {
    const ALL: [Self; 4] = [Self::Slurm, Self::Kubernetes, Self::AwsBatch, Self::Parallel];

    /// The variable with the task's number, and the number of the first task.
    fn variable(self) -> (&'static str, u32) {
        match self {
            // The range is the user's; job files written here count from 0.
            Self::Slurm => ("SLURM_ARRAY_TASK_ID", 0),
            Self::Kubernetes => ("JOB_COMPLETION_INDEX", 0),
            Self::AwsBatch => ("AWS_BATCH_JOB_ARRAY_INDEX", 0),
            Self::Parallel => ("PARALLEL_SEQ", 1),
        }
    }
}

/// The task's number from the environment: from the variable of the given engine, or else of the only engine whose
/// variable is set. The number need not start at the first task, because a job can repeat some parts of a sweep.
pub(super) fn task(
    named: Option<Engine>,
    tasks: u32,
    variable: impl Fn(&str) -> Option<String>,
) -> Result<u32, Failure> {
    let usage = |text: String| Err(Failure::Usage(text));
    let set: Vec<Engine> = match named {
        Some(engine) => vec![engine],
        None => Engine::ALL.into_iter().filter(|e| variable(e.variable().0).is_some()).collect(),
    };
    let engine = match set[..] {
        [engine] => engine,
        [] => {
            let names = Engine::ALL.map(|engine| engine.variable().0).join(", ");
            return usage(format!(
                "which task is this? Give --task I, or run under an engine that sets one of {names}"
            ));
        }
        [..] => {
            let names: Vec<&str> = set.iter().map(|engine| engine.variable().0).collect();
            let names = names.join(" and ");
            return usage(format!("{names} are both set; say which counts with --engine, or give --task I"));
        }
    };
    let (name, first) = engine.variable();
    let text = variable(name).unwrap_or_default();
    let number = text.trim().parse::<u32>().ok().and_then(|number| number.checked_sub(first));
    match number {
        Some(number) if number < tasks => Ok(number),
        _ => usage(format!(
            "{name} must be a whole number from {first} to {}, with --tasks {tasks}, but is \"{text}\"",
            u64::from(tasks) + u64::from(first) - 1
        )),
    }
}

/// A job file that runs `command` (a list of words with `--tasks`) as `tasks` tasks.
///
/// Words with control characters are refused, because a line break would start another line of the file, and a mark that
/// changes the direction of text would show another command than the one that is run. Words with the replacement
/// character are refused too, because it stands for bytes that are not text.
pub(super) fn job_file(
    kind: JobFile,
    name: &str,
    command: &[String],
    tasks: u32,
    out: &Path,
) -> Result<String, Failure> {
    let out = out.display().to_string();
    let odd = |c: char| is_control(c) || c == char::REPLACEMENT_CHARACTER;
    let words = command.iter().map(String::as_str).chain([name, out.as_str()]);
    if let Some(word) = words.into_iter().find(|word| word.contains(odd)) {
        return Err(Failure::Usage(format!(
            "a job file cannot hold a line break, another control character, or bytes that are no text, \
             but \"{}\" has one; leave it out",
            word.escape_debug()
        )));
    }
    // A name ends in a letter or a digit.
    let text = text_of(kind, name.trim_end_matches('-'), command, tasks, &out);
    match command.iter().find(|word| kind == JobFile::Parallel && word.contains('{')) {
        Some(word) => Err(Failure::Usage(format!(
            "GNU parallel would put something else in place of the braces in \"{word}\"; leave them out"
        ))),
        None => Ok(text),
    }
}

fn text_of(kind: JobFile, name: &str, command: &[String], tasks: u32, out: &str) -> String {
    let words: Vec<String> = command.iter().map(|word| quoted(word)).collect();
    let command_line = words.join(" ");
    let merge = format!("mingle merge {}", quoted(out));
    let last = tasks - 1;
    match kind {
        JobFile::Slurm => format!(
            "#!/bin/sh\n\
             # {tasks} tasks of a sweep. Submit with sbatch; when all are done: {merge}\n\
             #SBATCH --job-name={name}\n\
             #SBATCH --array=0-{last}\n\
             #SBATCH --cpus-per-task=2\n\
             #SBATCH --requeue\n\
             #SBATCH --open-mode=append\n\
             \n\
             code=0\n\
             {command_line} --engine slurm --threads \"${{SLURM_CPUS_PER_TASK:-1}}\" || code=$?\n\
             # 75: try again, three times at most; what is done is kept.\n\
             if [ \"$code\" -eq 75 ] && [ \"${{SLURM_RESTART_COUNT:-0}}\" -lt 3 ]; then\n\
             \x20   scontrol requeue \"${{SLURM_ARRAY_JOB_ID}}_${{SLURM_ARRAY_TASK_ID}}\"\n\
             fi\n\
             exit \"$code\"\n"
        ),
        JobFile::Kubernetes => {
            let arguments: Vec<String> =
                command[1..].iter().map(|word| serde_json::Value::from(word.as_str()).to_string()).collect();
            format!(
                "# {tasks} tasks of a sweep. Put in the image and the volume that all tasks share;\n\
                 # when all are done: {merge}\n\
                 apiVersion: batch/v1\n\
                 kind: Job\n\
                 metadata:\n\
                 \x20 name: {name}\n\
                 spec:\n\
                 \x20 completions: {tasks}\n\
                 \x20 parallelism: {tasks}\n\
                 \x20 completionMode: Indexed\n\
                 \x20 backoffLimitPerIndex: 3\n\
                 \x20 podFailurePolicy:\n\
                 \x20   rules:\n\
                 \x20     - action: FailIndex # 2: the scenario or an argument is wrong, so trying again is no use\n\
                 \x20       onExitCodes: {{ operator: In, values: [2] }}\n\
                 \x20 template:\n\
                 \x20   spec:\n\
                 \x20     restartPolicy: Never\n\
                 \x20     containers:\n\
                 \x20       - name: mingle\n\
                 \x20         image: mingle:latest\n\
                 \x20         command: [mingle]\n\
                 \x20         args: [{}, --engine, kubernetes]\n\
                 \x20         workingDir: /work\n\
                 \x20         volumeMounts:\n\
                 \x20           - {{ name: work, mountPath: /work }}\n\
                 \x20     volumes:\n\
                 \x20       - name: work\n\
                 \x20         persistentVolumeClaim: {{ claimName: mingle }}\n",
                arguments.join(", ")
            )
        }
        JobFile::Parallel => format!(
            "#!/bin/sh\n\
             # {tasks} tasks of a sweep, as many at once as there are cores, then the result.\n\
             set -e\n\
             seq {tasks} | parallel -N0 --retries 3 --line-buffer '{} --engine parallel --threads 1'\n\
             {merge}\n",
            command_line.replace('\'', "'\\''")
        ),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn found(named: Option<Engine>, set: &[(&str, &str)]) -> Result<u32, String> {
        let get = |name: &str| set.iter().find(|(n, _)| *n == name).map(|(_, v)| (*v).to_owned());
        task(named, 4, get).map_err(|failure| format!("{failure:?}"))
    }

    #[test]
    fn each_engine_counts_from_its_own_start() {
        assert_eq!(found(None, &[("SLURM_ARRAY_TASK_ID", "3")]), Ok(3));
        assert_eq!(found(None, &[("JOB_COMPLETION_INDEX", "0")]), Ok(0));
        assert_eq!(found(None, &[("AWS_BATCH_JOB_ARRAY_INDEX", "2")]), Ok(2));
        assert_eq!(found(None, &[("PARALLEL_SEQ", "1")]), Ok(0));
    }

    #[test]
    fn two_engines_at_once_are_an_error_unless_one_is_named() {
        let both = [("SLURM_ARRAY_TASK_ID", "3"), ("PARALLEL_SEQ", "2")];
        assert!(
            found(None, &both).unwrap_err().contains("SLURM_ARRAY_TASK_ID and PARALLEL_SEQ are both set")
        );
        assert_eq!(found(Some(Engine::Parallel), &both), Ok(1));
        assert!(found(None, &[]).unwrap_err().contains("--task I"));
    }

    #[test]
    fn a_number_beyond_the_tasks_is_an_error() {
        for (name, value) in [("SLURM_ARRAY_TASK_ID", "4"), ("PARALLEL_SEQ", "0"), ("PARALLEL_SEQ", "x")] {
            assert!(found(None, &[(name, value)]).is_err(), "{name}={value}");
        }
        assert!(found(Some(Engine::Slurm), &[]).is_err());
    }

    #[test]
    fn a_word_that_would_begin_another_line_is_refused_in_every_job_file() {
        let words = |word: &str| ["mingle", "sweep", "--set", word].map(str::to_owned);
        for kind in [JobFile::Slurm, JobFile::Kubernetes, JobFile::Parallel] {
            let file = |word: &str, out: &str| job_file(kind, "mingle-x", &words(word), 2, Path::new(out));
            assert!(file("title=it's", "a b").unwrap().contains("a b"));
            for odd in
                ["a\nb", "a\rb", "a\tb", "\u{1b}[1m", "a\u{85}b", "a\u{2028}b", "a\u{202e}b", "a\u{fffd}b"]
            {
                for found in [file(odd, "a"), file("seed=1", odd)] {
                    let Err(Failure::Usage(text)) = found else { panic!("{kind:?} takes {odd:?}") };
                    assert!(!text.contains(char::is_control), "{text:?}");
                }
            }
        }
    }

    #[test]
    fn braces_that_gnu_parallel_would_replace_are_refused_there_alone() {
        let words = ["mingle", "title={}"].map(str::to_owned);
        let file = |kind| job_file(kind, "mingle-", &words, 2, Path::new("a"));
        assert!(file(JobFile::Slurm).unwrap().contains("'title={}'"));
        assert!(file(JobFile::Kubernetes).unwrap().contains("name: mingle\n"));
        assert!(file(JobFile::Parallel).is_err());
    }

    #[test]
    fn words_are_quoted_for_shells() {
        assert_eq!(quoted("a/b-c.toml"), "a/b-c.toml");
        assert_eq!(quoted("title=it's"), "'title=it'\\''s'");
    }
}
