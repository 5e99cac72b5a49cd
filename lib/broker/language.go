package broker

// A language is what the broker has to know of a rule language. Rules go in and
// come out as canonical text, so that the only thing which travels through the
// broker is the thing that will be written.
type language interface {
	// canonical parses text as exactly one rule and prints that rule. The
	// broker accepts the rule where both texts are the same.
	canonical(text string) (string, error)

	// grade says how dangerous canonical rules are that stand together: what a
	// notation cuts into several rules is as dangerous as the whole. Of several
	// profiles that get them the one decides for which they are most dangerous.
	grade(profiles, rules []string) ([]grade, error)

	// together says what added rules do in one file with those that stand there,
	// and none of them need do alone, where that is as dangerous as limit or more.
	together(standing, added []string, limit uint8) ([]effect, error)

	// body merges canonical rules and returns the lines that stand for them in
	// a file: the same bytes for the same set of rules.
	body(rules []string) ([]byte, error)

	// rules reads a body back. It is strict: whatever body could not have
	// written, in this or another order, is a *lineError.
	rules(body []byte) ([]string, error)

	// byHand finds what was written before the body and would not be in force
	// behind it: a *lineError.
	byHand(before []byte) error

	// standing reads a body that an earlier version may have written.
	standing(body []byte) (standing, error)
}

// A grade is the danger of one rule, from 0 to 10, and the reason.
type grade struct {
	rule   string
	danger uint8
	why    string
}

// An effect is what some added rules do together, and its danger.
type effect struct {
	rules  []string
	danger uint8
	why    string
}
