package propose

import (
	"fmt"
	"slices"
	"testing"

	"github.com/google/go-cmp/cmp"
	"pgregory.net/rapid"
)

func texts(p *Proposer) (list []string) {
	for _, r := range allRules(p) {
		list = append(list, r.Text)
	}
	return list
}

func TestGlob(t *testing.T) {
	for name, c := range map[string]struct {
		events []string // mask and name
		want   []string
	}{
		"enough":              {[]string{"r /srv/a", "r /srv/b", "r /srv/c"}, []string{`"/srv/*" r,`}},
		"too few":             {[]string{"r /srv/a", "r /srv/b"}, []string{`"/srv/a" r,`, `"/srv/b" r,`}},
		"another access":      {[]string{"r /srv/a", "rw /srv/b", "r /srv/c"}, []string{`"/srv/*" r,`, `"/srv/b" w,`}},
		"w covers a":          {[]string{"w /srv/a", "w /srv/b", "w /srv/c", "a /srv/d"}, []string{`"/srv/*" w,`}},
		"not across folders":  {[]string{"r /srv/a", "r /srv/x/b", "r /srv/y/c"}, []string{`"/srv/a" r,`, `"/srv/x/b" r,`, `"/srv/y/c" r,`}},
		"folders by themself": {[]string{"r /srv/a/", "r /srv/b/", "r /srv/c/", "r /srv/d"}, []string{`"/srv/*/" r,`, `"/srv/d" r,`}},
		"not of the root":     {[]string{"r /a", "r /b", "r /c"}, []string{`"/a" r,`, `"/b" r,`, `"/c" r,`}},
		"secrets":             {[]string{"r /etc/a", "r /etc/b", "r /etc/c"}, []string{`"/etc/a" r,`, `"/etc/b" r,`, `"/etc/c" r,`}},
		"keys":                {[]string{"r /home/u/.ssh/a", "r /home/u/.ssh/b", "r /home/u/.ssh/c"}, []string{`"/home/u/.ssh/a" r,`, `"/home/u/.ssh/b" r,`, `"/home/u/.ssh/c" r,`}},
		"configuration":       {[]string{"w /etc/x/a", "w /etc/x/b", "w /etc/x/c"}, []string{`"/etc/x/a" w,`, `"/etc/x/b" w,`, `"/etc/x/c" w,`}},
		"programs":            {[]string{"r /usr/bin/a", "r /usr/bin/b", "rw /usr/bin/c"}, []string{`"/usr/bin/*" r,`, `"/usr/bin/c" w,`}},
		"stars of the log":    {[]string{"r /srv/*", "r /srv/b", "r /srv/c"}, []string{`"/srv/*" r,`}},
	} {
		p := New(Options{Glob: 3})
		for _, ev := range c.events {
			var mask, path string
			fmt.Sscan(ev, &mask, &path)
			if err := p.AddEvent(event(t, file+"operation=open denied_mask="+mask+" name="+path)); err != nil {
				t.Fatal(err)
			}
		}
		if diff := cmp.Diff(c.want, texts(p)); diff != "" {
			t.Errorf("%s: %s", name, diff)
		}
	}
}

// The rules are the same whether globs were made before streams were merged,
// after, or both; a wide rule that came in says what it was made by.
func TestGlobMerge(t *testing.T) {
	rapid.Check(t, func(t *rapid.T) {
		options := Options{Glob: rapid.IntRange(2, 4).Draw(t, "glob")}
		whole := New(options)
		parts := []*Proposer{New(options), New(options), New(Options{Exact: true})}
		for range rapid.IntRange(0, 20).Draw(t, "events") {
			mask := rapid.SampledFrom([]string{"r", "w", "a", "rw", "k", "ra"}).Draw(t, "mask")
			path := rapid.SampledFrom([]string{"/srv/", "/srv/x/", "/etc/", "/home/u/"}).Draw(t, "folder") +
				rapid.SampledFrom([]string{"a", "b", "c", "d/", "e/", "*", ".bashrc"}).Draw(t, "name")
			owner := rapid.SampledFrom([]string{file, own}).Draw(t, "owner")
			ev := event(t, owner+"operation=open denied_mask="+mask+" name="+path)
			mustAdd(t, whole.AddEvent(ev))
			mustAdd(t, parts[rapid.IntRange(0, 2).Draw(t, "part")].AddEvent(ev))
		}
		merged := merge(t, options, merge(t, options, parts[0], parts[1]), parts[2])
		if diff := cmp.Diff(texts(whole), texts(merged)); diff != "" {
			t.Fatal(diff)
		}
		if diff := cmp.Diff(texts(merged), texts(merge(t, options, merged))); diff != "" {
			t.Fatal(diff)
		}
		for _, r := range allRules(merged) {
			if (len(r.Made) > 0) != slices.Contains(r.Made, globMade) {
				t.Fatalf("%+v", r)
			}
		}
	})
}
