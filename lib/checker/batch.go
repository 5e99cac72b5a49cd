package checker

import (
	"fmt"
	"os"
	"path/filepath"
	"runtime"
	"strings"
	"sync"
)

// most is the number of files that one run of apparmor_parser is given: its start
// takes longer than a small profile. An error can end the run: then it is that of the
// file whose separator is the first that is missing.
const most = 48

// separator is the name of the profile that stands behind file number i of a run, in
// what -N prints a line of its own, and in what -p prints the header of one.
func (p *Policy) separator(i int) string { return fmt.Sprintf("%s-%d", p.token, i) }

func (p *Policy) separatorFile(i int) string {
	return filepath.Join(p.parts, fmt.Sprint("separator", i))
}

func (p *Policy) makeSeparators() error {
	for i := range most {
		if err := os.WriteFile(p.separatorFile(i), fmt.Appendf(nil, "\nprofile %s {\n}\n", p.separator(i)), 0o600); err != nil {
			return err
		}
	}
	return nil
}

// An answer is what apparmor_parser prints for one file, or its refusal.
type answer struct {
	printed string
	err     error // nil or a *Refusal
}

// ask runs apparmor_parser with option -N or -p on each of the files.
func (p *Policy) ask(option string, files []string) ([]answer, error) {
	answers := make([]answer, len(files))
	err := inParallel(len(files), most, func(from, to int) error {
		return p.askAll(option, files[from:to], answers[from:to])
	})
	return answers, err
}

func (p *Policy) askAll(option string, files []string, answers []answer) error {
	for len(files) > 0 {
		n, err := p.askSome(option, files, answers)
		if err != nil {
			return err
		}
		files, answers = files[n:], answers[n:]
	}
	return nil
}

// askSome is ask up to the first file that is refused, and returns how many it asked
// for.
func (p *Policy) askSome(option string, files []string, answers []answer) (n int, err error) {
	args := []string{option}
	for i, file := range files {
		args = append(args, file, p.separatorFile(i))
	}
	printed, err := p.parse(args...)
	if err != nil && !refused(err) {
		return 0, err
	}
	for i := range files {
		line := p.separator(i)
		if option == "-p" {
			line = "profile " + line + " {\n}"
		}
		text, rest, ok := strings.Cut("\n"+printed, "\n"+line+"\n")
		if !ok {
			break
		}
		printed = rest
		answers[i] = answer{printed: text}
		n++
	}
	switch {
	case err == nil && n < len(files):
		return 0, fmt.Errorf("%s: %s: no answer", parser, files[n])
	case err == nil:
		return n, nil
	case n < len(files):
		answers[n] = answer{printed: printed, err: err}
		return n + 1, nil
	case len(files) == 1:
		answers[0].err = err
		return 1, nil
	}
	// One of them has an error that did not end the run. In which half is it?
	half := len(files) / 2
	if err := p.askAll(option, files[:half], answers[:half]); err != nil {
		return 0, err
	}
	return n, p.askAll(option, files[half:], answers[half:])
}

// inParallel calls f for parts of 0 to n, none with more than size, on all
// processors, and returns the first of their errors.
func inParallel(n, size int, f func(from, to int) error) error {
	workers := max(1, min(runtime.GOMAXPROCS(0), 4))
	size = max(1, min(size, (n+workers-1)/workers))
	starts := make(chan int)
	errs := make([]error, workers)
	var group sync.WaitGroup
	for w := range workers {
		group.Go(func() {
			for from := range starts {
				if errs[w] == nil {
					errs[w] = f(from, min(from+size, n))
				}
			}
		})
	}
	for from := 0; from < n; from += size {
		starts <- from
	}
	close(starts)
	group.Wait()
	for _, err := range errs {
		if err != nil {
			return err
		}
	}
	return nil
}
