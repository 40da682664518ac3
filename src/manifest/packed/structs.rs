//! The structs of a manifest by their fields.

use crate::manifest::{
    Checksum, ColumnInfo, Constraint, Contract, DependsOn, Doc, Exposure, FreshnessThreshold, Group,
    MacroArgument, MacroNode, Node, Owner, RefArgs, Source, TestMetadata, UnitTest, UnitTestFixture,
};
use crate::packed::packed;

packed!(Node {
    database, schema, name, resource_type, package_name, path, original_file_path, unique_id, fqn, alias,
    checksum, config, tags, description, columns, meta, group, docs, patch_path, build_path,
    unrendered_config, created_at, config_call_dict, unrendered_config_call_dict, relation_name, raw_code,
    doc_blocks, language, refs, sources, metrics, functions, depends_on, compiled_path, contract, kind,
} default { batch });
packed!(TestMetadata { name, kwargs, namespace });
packed!(RefArgs { name, package, version });
packed!(DependsOn { macros, nodes });
packed!(Checksum { name, checksum });
packed!(Contract { enforced, alias_types, checksum });
packed!(ColumnInfo {
    name,
    description,
    meta,
    data_type,
    constraints,
    quote,
    config,
    tags,
    granularity,
    doc_blocks,
    extra,
});
packed!(Constraint { kind, name, expression, warn_unenforced, warn_unsupported, to, to_columns, columns });
packed!(Source {
    database,
    schema,
    name,
    resource_type,
    package_name,
    path,
    original_file_path,
    unique_id,
    fqn,
    source_name,
    source_description,
    loader,
    identifier,
    quoting,
    loaded_at_field,
    loaded_at_query,
    freshness,
    external,
    description,
    columns,
    meta,
    source_meta,
    tags,
    config,
    patch_path,
    unrendered_config,
    relation_name,
    created_at,
    unrendered_database,
    unrendered_schema,
    doc_blocks,
});
packed!(FreshnessThreshold { warn_after, error_after, filter });
packed!(MacroNode {
    name,
    resource_type,
    package_name,
    path,
    original_file_path,
    unique_id,
    macro_sql,
    depends_on,
    description,
    meta,
    docs,
    config,
    patch_path,
    arguments,
    created_at,
    supported_languages,
});
packed!(MacroArgument { name, kind, description });
packed!(Doc { name, resource_type, package_name, path, original_file_path, unique_id, block_contents });
packed!(Owner { email, name, extra });
packed!(Exposure {
    name,
    resource_type,
    package_name,
    path,
    original_file_path,
    unique_id,
    fqn,
    kind,
    owner,
    description,
    label,
    maturity,
    meta,
    tags,
    config,
    unrendered_config,
    url,
    depends_on,
    refs,
    sources,
    metrics,
    created_at,
});
packed!(Group {
    name,
    resource_type,
    package_name,
    path,
    original_file_path,
    unique_id,
    owner,
    description,
    config,
});
packed!(UnitTest {
    model,
    given,
    expect,
    name,
    resource_type,
    package_name,
    path,
    original_file_path,
    unique_id,
    fqn,
    description,
    overrides,
    depends_on,
    config,
    checksum,
    schema,
    created_at,
    versions,
    version,
    tested_node_unique_id,
    this_input_node_unique_id,
});
packed!(UnitTestFixture { input, rows, format, fixture });
