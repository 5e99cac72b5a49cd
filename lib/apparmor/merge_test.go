package apparmor

import (
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func parseAll(t interface{ Fatalf(string, ...any) }, texts []string) (rules []Rule) {
	for _, text := range texts {
		r, err := Parse(text)
		if err != nil {
			t.Fatalf("%s: %v", text, err)
		}
		rules = append(rules, r)
	}
	return rules
}

func texts(rules []Rule) (list []string) {
	for _, r := range rules {
		list = append(list, r.Text())
	}
	return list
}

func TestMerge(t *testing.T) {
	for _, c := range []struct{ in, want []string }{
		{[]string{`"/a" r,`, `"/a" w,`}, []string{`"/a" rw,`}},
		{[]string{`"/a" a,`, `"/a" w,`}, []string{`"/a" w,`}},
		{[]string{`"/b" r,`, `"/a" k,`}, []string{`"/a" k,`, `"/b" r,`}},
		{[]string{`"/a" r,`, `owner "/a" r,`}, []string{`"/a" r,`}},
		{[]string{`"/a" r,`, `owner "/a" rw,`}, []string{`"/a" r,`, `owner "/a" w,`}},
		{[]string{`"/a" w,`, `owner "/a" ra,`}, []string{`"/a" w,`, `owner "/a" r,`}},
		{[]string{`"/a" ix,`, `owner "/a" Px,`}, []string{`"/a" ix,`}},
		{[]string{`"/a" rix,`, `"/a" Px,`, `"/a" ux,`}, []string{`"/a" rix,`}},
		{[]string{`"/a" Px -> "b",`, `"/a" Px -> "a",`}, []string{`"/a" Px -> "a",`}},
		{[]string{`"/a" r,`, `deny "/a" w,`, `audit "/a" r,`}, []string{`"/a" r,`, `audit "/a" r,`, `deny "/a" w,`}},
		{[]string{`link "/n" -> "/t",`, `owner link "/n" -> "/t",`}, []string{`link "/n" -> "/t",`}},
		{[]string{`capability kill,`, `capability chown,`, `capability kill,`}, []string{`capability chown,`, `capability kill,`}},
		{[]string{`network (create) inet stream,`, `network (bind) inet stream,`}, []string{`network (bind, create) inet stream,`}},
		{[]string{`network (create) inet stream,`, `network inet stream,`}, []string{`network inet stream,`}},
		{[]string{`unix (send) type=stream peer=(label="x"),`, `unix (receive) type=stream peer=(label="x"),`, `unix (send) type=stream peer=(label="y"),`},
			[]string{`unix (receive, send) type=stream peer=(label="x"),`, `unix (send) type=stream peer=(label="y"),`}},
		{[]string{`signal (send) set=(term) peer="x",`, `signal (send) set=(hup) peer="x",`, `signal (receive) set=(hup) peer="x",`},
			[]string{`signal (receive) set=(hup) peer="x",`, `signal (send) set=(hup, term) peer="x",`}},
		{[]string{`dbus (bind) bus=system name="x",`, `dbus (eavesdrop) bus=system,`}, []string{`dbus (bind) bus=system name="x",`, `dbus (eavesdrop) bus=system,`}},
		{[]string{`set rlimit nofile <= 5,`, `set rlimit nofile <= infinity,`, `set rlimit cpu <= 9,`}, []string{`set rlimit cpu <= 9,`, `set rlimit nofile <= infinity,`}},
		{[]string{`"/a" r,`, `network inet stream,`, `capability kill,`}, []string{`capability kill,`, `network inet stream,`, `"/a" r,`}},
	} {
		if diff := cmp.Diff(c.want, texts(Merge(parseAll(t, c.in)))); diff != "" {
			t.Errorf("%q: %s", c.in, diff)
		}
	}
}

// ruleTexts draws rules that meet each other often.
func ruleTexts() *rapid.Generator[string] {
	fixed := make([]string, 0, len(canonical))
	for _, c := range canonical {
		fixed = append(fixed, c.text)
	}
	file := rapid.Custom(func(t *rapid.T) string {
		return rapid.SampledFrom([]string{"", "owner ", "audit "}).Draw(t, "qualifier") +
			rapid.SampledFrom([]string{`"/a"`, `"/b"`}).Draw(t, "path") + " " +
			rapid.SampledFrom([]string{"r", "w", "a", "rk", "rw", "ix", "rPx", `Px -> "b"`, `Px -> "c"`, "wcx"}).Draw(t, "access") + ","
	})
	return rapid.OneOf(rapid.SampledFrom(fixed), file, rapid.SampledFrom([]string{
		`link "/a" -> "/b",`, `owner link "/a" -> "/b",`, `network (create) inet stream,`, `network (bind) inet stream,`,
		`signal (send) set=(hup) peer="x",`, `signal (send) set=(term) peer="x",`, `set rlimit nofile <= 1,`,
	}))
}

func TestMergeAssociativeCommutativeIdempotent(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		list := rapid.SliceOfN(ruleTexts(), 0, 20).Draw(t, "rules")
		rules := parseAll(t, list)
		whole := Merge(rules)

		shuffled := rapid.Permutation(rules).Draw(t, "order")
		cut := rapid.IntRange(0, len(rules)).Draw(t, "cut")
		parts := slices.Concat(Merge(shuffled[:cut]), Merge(shuffled[cut:]))
		if diff := cmp.Diff(texts(whole), texts(Merge(parts))); diff != "" {
			t.Fatalf("split and merged: %s", diff)
		}
		if diff := cmp.Diff(texts(whole), texts(Merge(whole))); diff != "" {
			t.Fatalf("merged again: %s", diff)
		}
		for _, r := range whole {
			if err := r.Check(); err != nil {
				t.Fatalf("%s: %v", r.Text(), err)
			}
		}
	})
}

// The parts of a rule are one access each, and together they are the rule.
func TestParts(t *testing.T) {
	for text, want := range map[string][]string{
		`owner "/a" rwkix,`: {`owner "/a" r,`, `owner "/a" w,`, `owner "/a" k,`, `owner "/a" ix,`},
		`"/a" Px -> "b",`:   {`"/a" Px -> "b",`},
		`signal (send) set=(hup, rtmin+30) peer="x",`: {`signal (send) set=(hup) peer="x",`, `signal (send) set=(rtmin+30) peer="x",`},
		`network inet stream,`:                        {`network inet stream,`},
		`capability kill,`:                            {`capability kill,`},
	} {
		if diff := cmp.Diff(want, texts(parseAll(t, []string{text})[0].Parts())); diff != "" {
			t.Errorf("%s: %s", text, diff)
		}
	}
	for _, c := range canonical {
		r := parseAll(t, []string{c.text})[0]
		parts := r.Parts()
		whole := parts[0]
		for _, part := range parts[1:] {
			whole = whole.Union(part)
		}
		if whole != r {
			t.Errorf("%s is not the union of %q", c.text, texts(parts))
		}
	}
}
