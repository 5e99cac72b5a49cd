package policy

import (
	"fmt"
	"math"
	"slices"
	"strconv"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor"
)

// matcher is made of a rule and decides about one part, see apparmor.Rule.Parts.
type matcher func(apparmor.Body) bool

func capabilityRule(b *body, s *scope) (matcher, error) {
	names := b.operands
	b.operands = nil
	return func(q apparmor.Body) bool {
		return len(names) == 0 || slices.Contains(names, q.(apparmor.Capability).Name)
	}, b.only()
}

func usernsRule(b *body, s *scope) (matcher, error) {
	b.operands = slices.DeleteFunc(b.operands, func(w string) bool { return w == "create" })
	return func(apparmor.Body) bool { return true }, b.only()
}

func ioUringRule(b *body, s *scope) (matcher, error) {
	words := slices.Concat(b.list, b.operands)
	b.operands = nil
	label, err := b.names(s, "label", false)
	if err != nil {
		return nil, err
	}
	return func(q apparmor.Body) bool {
		u := q.(apparmor.IOUring)
		word := "sqpoll"
		if u.Label != (apparmor.Pattern{}) {
			word = "override_creds"
		}
		return (len(words) == 0 || slices.Contains(words, word)) && (label.any || label.match(s.encoded(u.Label)))
	}, b.only("label")
}

// limitUnits are the suffixes of rlimits; those of time count in seconds.
var limitUnits = map[string]uint64{
	"": 1, "K": 1 << 10, "KB": 1 << 10, "M": 1 << 20, "MB": 1 << 20, "G": 1 << 30, "GB": 1 << 30,
	"s": 1, "sec": 1, "second": 1, "seconds": 1, "min": 60, "minute": 60, "minutes": 60, "h": 3600, "hour": 3600, "hours": 3600,
}

// microseconds are the suffixes of rttime, which counts in microseconds
// (parser/parser_misc.c, convert_time_units).
var microseconds = map[string]uint64{
	"": 1, "us": 1, "microsecond": 1, "microseconds": 1, "ms": 1000, "millisecond": 1000, "milliseconds": 1000,
	"s": 1e6, "sec": 1e6, "second": 1e6, "seconds": 1e6, "min": 60e6, "minute": 60e6, "minutes": 60e6,
	"h": 3600e6, "hour": 3600e6, "hours": 3600e6, "d": 86400e6, "day": 86400e6, "days": 86400e6, "week": 604800e6, "weeks": 604800e6,
}

// rlimitRule reads set rlimit RESOURCE <= VALUE. A limit up to the one of the
// rule is allowed.
func rlimitRule(b *body, s *scope) (matcher, error) {
	words := strings.Fields(strings.ReplaceAll(strings.Join(b.operands, " "), "<=", " <= "))
	b.operands = nil
	if len(words) < 4 || words[0] != "rlimit" || words[2] != "<=" {
		return nil, fmt.Errorf("no limit: %q", words)
	}
	resource, value := words[1], strings.Join(words[3:], "")
	limit, known := parseLimit(value, limitUnits)
	if resource == "rttime" {
		limit, known = parseLimit(value, microseconds)
	}
	return func(q apparmor.Body) bool {
		r := q.(apparmor.Rlimit)
		return r.Resource == resource && known && r.Value <= limit
	}, b.only()
}

// limited returns the resource of the rule, of which the last rule counts.
func limited(words []word) string {
	resource, _, _ := strings.Cut(textOf(words), "<=")
	return strings.TrimSpace(resource)
}

// parseLimit reads a number with its unit; one that is not known is not ok.
func parseLimit(value string, units map[string]uint64) (limit uint64, ok bool) {
	if value == "infinity" {
		return math.MaxUint64, true
	}
	digits := strings.TrimRight(value, "KMGBabcdefghijklmnopqrstuvwxyz")
	number, err := strconv.ParseUint(digits, 10, 64)
	unit, known := units[value[len(digits):]]
	if err != nil || !known || number > math.MaxUint64/unit {
		return 0, false
	}
	return number * unit, true
}
