// Package record is the stream that the stages of sl speak: JSON Lines, one
// object a line, UTF-8, LF, keys in a fixed order. sl-records(5) is its manual,
// [Schema] its JSON Schema.
//
// Every line starts {"v":1,"type":"..."}. The types are
//
//	source  what sl-read opened; the records that follow name it by its id
//	record  one log line
//	event   one denial or one logged packet, taken apart by sl-parse
//	rule    one rule that events call for, with its evidence
//	note    something a person should know
//	error   an input line that could not be used
//	mark    a commit point in a stream without end
//	end     the last line: counts and read positions
//
// The Append functions encode; they escape whatever a terminal could act upon
// (C0, DEL, C1, bidirectional controls) and write a string that is not UTF-8
// twice: as text with U+FFFD under its own key, and as base64 under key+"_b64".
// In memory a Go string always holds the exact bytes.
//
// A [Decoder] is strict: duplicate keys, keys that differ from a known one in
// letter case only, bad UTF-8, trailing bytes, a line or nesting over its bound
// are errors that name the byte. Unknown keys are ignored.
//
// The package knows neither files nor clocks; it takes bytes and returns values.
package record
