//! The artifacts of a command: what was opened and what came of it, written into the target folder.

use super::session::Opened;
use crate::artifacts::{self, RunResults};
use crate::context::Compiled;
use crate::context::arguments::args_dict;
use crate::error::Result;
use crate::event::Event;
use crate::manifest::{Map, ResourceType, RunResult, UniqueId};
use std::collections::HashMap;

impl Opened {
    /// Writes manifest.json, with what was compiled so far.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write_manifest(
        &self,
        compiled: &HashMap<UniqueId, Compiled>,
        build_paths: &HashMap<UniqueId, String>,
    ) -> Result<()> {
        if !self.session.flags.write_json {
            return Ok(());
        }
        let path = self.session.target_path.join("manifest.json");
        let joined =
            compiled.iter().map(|(id, compiled)| (id.clone(), self.joined(id, compiled, build_paths)));
        artifacts::write_manifest(&path, &self.manifest, &joined.collect(), &self.artifact_invocation())?;
        let path = path.display().to_string();
        self.session.reporter.report(Event::ArtifactWritten { kind: "WritableManifest", path });
        self.write_semantic_manifest()
    }

    fn write_semantic_manifest(&self) -> Result<()> {
        let path = self.session.target_path.join("semantic_manifest.json");
        artifacts::write_semantic_manifest(&path, &self.manifest)?;
        let path = path.display().to_string();
        self.session.reporter.report(Event::ArtifactWritten { kind: "SemanticManifest", path });
        Ok(())
    }

    /// Writes run_results.json.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write_results(&self, results: &[RunResult], elapsed_time: f64) -> Result<()> {
        self.write_results_with(results, elapsed_time, [])
    }

    /// As [`Opened::write_results`], with arguments that only this command has.
    ///
    /// # Errors
    /// The disk refuses.
    pub fn write_results_with<const N: usize>(
        &self,
        results: &[RunResult],
        elapsed_time: f64,
        own: [(&str, serde_json::Value); N],
    ) -> Result<()> {
        let flags = &self.session.flags;
        if !flags.write_json {
            return Ok(());
        }
        let path = self.session.target_path.join("run_results.json");
        let (invocation, mut args) = (self.artifact_invocation(), self.args());
        args.extend(own.map(|(name, value)| (name.to_string(), value)));
        let results = &self.without_secrets(results);
        RunResults { invocation: &invocation, results, elapsed_time, args: &args }.write(&path)?;
        let path = path.display().to_string();
        self.session.reporter.report(Event::ArtifactWritten { kind: "RunExecutionResult", path });
        Ok(())
    }

    /// What the engine said, and SQL that was typed, may repeat a secret.
    fn without_secrets(&self, results: &[RunResult]) -> Vec<RunResult> {
        let scrub =
            |text: &Option<String>| text.as_ref().map(|text| self.session.environment.scrub(text.as_str()));
        let scrubbed = results.iter().map(|result| RunResult {
            message: scrub(&result.message),
            compiled_code: scrub(&result.compiled_code),
            ..result.clone()
        });
        scrubbed.collect()
    }

    /// The `args` of run_results.json, from which `retry` takes the command up again; without secrets.
    pub fn args(&self) -> Map {
        let args = args_dict(&self.session.flags);
        // What was typed may hold a secret.
        let text = self.session.environment.scrub(serde_json::Value::from(args.clone()).to_string());
        let mut scrubbed: Map = serde_json::from_str(&text).unwrap_or_else(|_| args.clone());
        // The command's name is none, even where a password is the same word.
        scrubbed.extend(args.get_key_value("which").map(|(key, word)| (key.clone(), word.clone())));
        scrubbed
    }

    fn joined(
        &self,
        id: &UniqueId,
        compiled: &Compiled,
        build_paths: &HashMap<UniqueId, String>,
    ) -> artifacts::Compiled {
        let is_seed = id.resource_type() == Some(ResourceType::Seed);
        let cte = |(id, sql): &(UniqueId, String)| {
            let alias = self.manifest.nodes.get(id).map_or("", |node| node.alias.as_str());
            let name = crate::sql::ephemeral_name(alias);
            artifacts::ExtraCte { id: id.clone(), sql: crate::sql::cte_text(&name, sql) }
        };
        artifacts::Compiled {
            code: (!is_seed).then(|| compiled.sql.clone()),
            path: compiled.path.clone(),
            build_path: build_paths.get(id).cloned(),
            extra_ctes: compiled.ctes.iter().map(cte).collect(),
            relation_name: None,
            foreign_keys: compiled.foreign_keys.clone(),
            macros: compiled.macros.clone(),
        }
    }

    /// This call, as artifacts tell of it.
    pub fn artifact_invocation(&self) -> artifacts::Invocation {
        let env = self.session.environment.custom();
        artifacts::Invocation {
            id: self.session.invocation.id.clone(),
            started_at: self.session.invocation.started_at,
            env: env.into_iter().map(|(name, value)| (name, value.into())).collect(),
        }
    }
}
