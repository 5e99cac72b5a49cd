package propose

import (
	"strconv"
	"strings"
	"unicode/utf8"
)

// maxLogPrefix is the longest prefix of a rule that logs (include/uapi/linux/netfilter/nf_log.h,
// NF_LOG_PREFIXLEN, without its NUL).
const maxLogPrefix = 127

// prefixHint is the option that says of a log prefix what it means, for a person who
// knows it to paste into a shell: whatever the prefix holds, the shell takes it for one
// word. Of a prefix with bytes that do not print it is the beginning, which fits as
// well.
func prefixHint(prefix string) string {
	const who = "if a rule of yours logs with it and drops: sl-parse --prefix="
	text := strings.Trim(prefix, " \"'") // sl-parse takes no notice of these
	printed := text[:printable(text)]
	switch {
	case len(prefix) > maxLogPrefix:
		return "no rule can log with so long a prefix: look at the line, it may be another message of the kernel's"
	case printed == "" && text != "":
		return "name the prefix in a file for sl-parse --prefixes"
	}
	return who + "'" + strings.ReplaceAll(printed+"=drop", "'", `'\''`) + "'"
}

// printable is how many bytes at the beginning of a text print as they are.
func printable(s string) (n int) {
	for n < len(s) {
		r, size := utf8.DecodeRuneInString(s[n:])
		if r == utf8.RuneError && size == 1 || !strconv.IsPrint(r) {
			break
		}
		n += size
	}
	return n
}
