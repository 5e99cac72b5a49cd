package record

import _ "embed"

//go:embed schema.json
var schema []byte

// Schema returns the JSON Schema (draft 2020-12) of one line of the stream. It
// says what a line of this version holds; a reader ignores keys it does not
// name.
func Schema() []byte { return schema }
