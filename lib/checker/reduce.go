package checker

import (
	"bytes"
	"regexp"
)

// plain matches a line that is one whole file rule without a permission to execute
// anything, or a comment, or empty.
var plain = regexp.MustCompile(`^\s*((owner|audit|deny|allow)\s+)*(/|@\{)[^\s"#=\\]*\s+[rwamlk]+,\s*(#.*)?$|^\s*#|^\s*$`)

// ends matches a line behind which a new rule begins.
var ends = regexp.MustCompile(`[,{}]\s*(#.*)?$|^\s*#|^\s*$`)

// reduce leaves out of a profile, flattened by apparmor_parser -p, rules that cannot
// exclude any other: those of files without a permission to execute. They are most
// of a profile and nearly all of the time that it takes: 40 ms become 3. A line of
// the candidates is kept whatever it is.
func reduce(flat []byte, keep map[string]bool) []byte {
	out := make([]byte, 0, len(flat)/4)
	boundary := true
	for line := range bytes.Lines(flat) {
		bare := bytes.TrimRight(line, "\n")
		if !boundary || !plain.Match(bare) || keep[string(bytes.TrimSpace(bare))] {
			out = append(out, line...)
		}
		boundary = ends.Match(bare) && (boundary || !isBlank(bare))
	}
	return out
}

// isBlank: a comment or an empty line in the middle of a rule does not end it.
func isBlank(line []byte) bool {
	line = bytes.TrimSpace(line)
	return len(line) == 0 || line[0] == '#'
}
