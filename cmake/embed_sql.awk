# Turns store/sql/*.sql into C: named statements (`-- name: x`) become SQL_X and sql_texts[];
# schema_NNN.sql files become sql_schemas[], in the order given.
# Usage: awk -v out=PATH/sql_text -f embed_sql.awk FILES...
function quote(s) { gsub(/\\/, "\\\\", s); gsub(/"/, "\\\"", s); return "    \"" s "\\n\"\n" }
FNR == 1 { schema = FILENAME ~ /schema_[0-9]+\.sql$/; if (schema) schemas++; current = 0 }
schema { text_of_schema[schemas] = text_of_schema[schemas] quote($0); next }
/^-- name: / { current = ++n; names[n] = $3; next }
/^--/ || /^[ \t]*$/ { next }
current { texts[current] = texts[current] quote($0) }
END {
    h = out ".h"; c = out ".c"
    print "/* Generated from store/sql. */\n#ifndef MUSTER_STORE_SQL_TEXT_H\n#define MUSTER_STORE_SQL_TEXT_H\n\nenum sql_id {" > h
    for (i = 1; i <= n; i++) print "    SQL_" toupper(names[i]) "," > h
    print "    SQL_COUNT\n};\n\nstruct sql_text {\n    const char *name;\n    const char *text;\n};\n" > h
    print "extern const struct sql_text sql_texts[SQL_COUNT];\nextern const char *const sql_schemas[];\nextern const int sql_schema_count;\n\n#endif" > h
    print "/* Generated from store/sql. */\n#include \"store/sql_text.h\"\n\nconst struct sql_text sql_texts[SQL_COUNT] = {" > c
    for (i = 1; i <= n; i++) printf "    {\"%s\",\n%s    },\n", names[i], texts[i] > c
    print "};\n\nconst char *const sql_schemas[] = {" > c
    for (i = 1; i <= schemas; i++) printf "%s    ,\n", text_of_schema[i] > c
    printf "};\n\nconst int sql_schema_count = %d;\n", schemas > c
}
