package checker

import (
	"crypto/rand"
	"errors"
	"fmt"
	"io/fs"
	"os"
	"path"
	"path/filepath"
	"slices"
	"strings"

	"github.com/sl-suite/sl/lib/apparmor/header"
	"github.com/sl-suite/sl/lib/checker/tree"
)

// A Policy is a copy of the policy that additions are a part of. This process may
// change it.
type Policy struct {
	dir     string
	target  string   // of the additions, below dir
	options []string // of parser.conf, and the search path
	base    string

	files  []string        // that can make profiles
	whole  map[string]bool // of them those that should compile by themselves
	left   []string        // what the copy does not have
	parts  string          // a folder for what is made here
	token  string          // nobody could have written it into a file
	judged map[string]bool // notes that were given already
}

// Lay lays the tree out in its folder, which is empty. target is the folder of the
// additions, below it.
func Lay(t *tree.Tree, target string, options []string) (*Policy, error) {
	if err := t.Lay(); err != nil {
		return nil, err
	}
	p := &Policy{dir: t.Dir, target: target, options: options, base: t.Dir, left: t.Problems,
		whole: make(map[string]bool), judged: make(map[string]bool), token: rand.Text()}
	if _, err := os.Stat(filepath.Join(t.Dir, tunables)); err != nil {
		// Profiles without the rest of a policy: that is the system's.
		p.base = systemPolicy
		p.options = append([]string{"--Include=" + t.Dir}, options...)
	}
	for _, n := range t.Nodes {
		if p.canMake(n) {
			p.files = append(p.files, filepath.Join(t.Dir, n.Name))
		}
	}
	p.parts = filepath.Join(t.Dir, ".sl-write-check."+p.token)
	if err := os.Mkdir(p.parts, 0o700); err != nil {
		return nil, err
	}
	return p, p.makeSeparators()
}

// canMake reports whether a file can make profiles: each that stands in the folder
// itself, since apparmor_parser is given that, and elsewhere what looks like it.
func (p *Policy) canMake(n tree.Node) bool {
	top := !strings.Contains(n.Name, "/")
	switch {
	case header.IgnoredName(n.Name) || n.Kind == tree.Folder || strings.HasPrefix(n.Name, "abi/"):
		return false
	case n.Kind == tree.Link:
		st, err := os.Stat(filepath.Join(p.dir, n.Name))
		p.whole[filepath.Join(p.dir, n.Name)] = top
		return top && err == nil && st.Mode().IsRegular()
	}
	found := header.Scan(n.Text)
	makes := slices.ContainsFunc(found.Profiles, func(p header.Profile) bool { return !p.Hat })
	p.whole[filepath.Join(p.dir, n.Name)] = top || makes && !isPart(n.Name)
	return makes || found.Problem != "" || top
}

// isPart reports whether a file stands where others include it from. It can make
// child profiles and need not compile by itself.
func isPart(name string) bool {
	first, rest, _ := strings.Cut(name, "/")
	return first == "abstractions" || first == "tunables" || first == "local" || strings.Contains(path.Dir(first+"/"+rest)+"/", ".d/")
}

// A Report is what is to be said of a set of candidates.
type Report struct {
	Refused map[int]*Refusal // by number
	Notes   []string         // in which files the candidates could not be tried
}

// Check lays all candidates where they will be, and judges them. What is refused is
// taken away again; the others stay. An error says that they could not be judged.
func (p *Policy) Check(candidates []Candidate) (Report, error) {
	c := &check{Policy: p, candidates: candidates, report: Report{Refused: make(map[int]*Refusal)}, keep: make(map[string]bool)}
	for _, candidate := range candidates {
		if path.Base(candidate.Name) != candidate.Name || candidate.Name == ".." {
			return c.report, fmt.Errorf("%q is no file name", candidate.Name)
		}
		for line := range strings.Lines(string(candidate.Text)) {
			c.keep[strings.TrimSpace(line)] = true
		}
		c.braces = c.braces || changesBraces(candidate)
	}
	if err := c.judge(); err != nil {
		return c.report, err
	}
	for _, problem := range p.left {
		c.note(problem)
	}
	c.shorten()
	return c.report, nil
}

// check is one question.
type check struct {
	*Policy
	candidates []Candidate
	keep       map[string]bool // the lines of the candidates
	braces     bool            // of the lines that come or go one has a brace
	report     Report
}

// mark is a line that shows in what apparmor_parser makes of the profiles that a
// candidate reaches.
func (c *check) mark(i int) string { return fmt.Sprintf("# %s.%d", c.token, i) }

func (p *Policy) path(name string) string { return filepath.Join(p.dir, p.target, name) }

// lay brings a candidate to where it will be.
func (c *check) lay(i int) error {
	return c.write(i, c.candidates[i].Text)
}

func (c *check) write(i int, text []byte) error {
	at := c.path(c.candidates[i].Name)
	if err := os.MkdirAll(filepath.Dir(at), 0o700); err != nil {
		return err
	}
	return os.WriteFile(at, text, 0o600)
}

// restore brings back what is there now.
func (c *check) restore(i int) error {
	at, old := c.path(c.candidates[i].Name), c.candidates[i].Old
	if old != nil {
		return os.WriteFile(at, old, 0o600)
	}
	if err := os.Remove(at); !errors.Is(err, fs.ErrNotExist) {
		return err
	}
	return nil
}

// standing returns the candidates that are not refused.
func (c *check) standing() (list []int) {
	for i := range c.candidates {
		if c.report.Refused[i] == nil {
			list = append(list, i)
		}
	}
	return list
}

// before runs f on the policy as it is now, without any candidate, unless that is
// known already.
func (c *check) before(f func() error, known bool) error {
	if known {
		return nil
	}
	for _, i := range c.standing() {
		if err := c.restore(i); err != nil {
			return err
		}
	}
	err := f()
	for _, i := range c.standing() {
		if err := c.lay(i); err != nil {
			return err
		}
	}
	return err
}

// mostNotes bounds what is said at once.
const mostNotes = 8

func (c *check) shorten() {
	if n := len(c.report.Notes); n > mostNotes+1 {
		c.report.Notes = append(c.report.Notes[:mostNotes:mostNotes], fmt.Sprintf("and %d more files of %s", n-mostNotes, c.dir))
	}
}

// note says each thing once.
func (p *check) note(text string) {
	if !p.judged[text] {
		p.judged[text] = true
		p.report.Notes = append(p.report.Notes, text)
	}
}
