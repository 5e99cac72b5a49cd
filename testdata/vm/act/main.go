// Act does what an AppArmor profile may allow or deny, and says how it ended.
//
//	act VERB ARG...      does it here
//	act - <acts          does each line of acts, in the profile that it names
//
// A line of acts is an id, a place, and an act: the words of a verb and its
// arguments, with "as UID" before them for another user and "of UID" for the
// owner of the files. A word is without blanks, and a byte in it may be written
// "%XX". A place that begins with a slash is the path of a program, which is put
// there (it is this one) and run, so that the profile attaches to it; any other
// is a profile, into which a thread changes. What the act needs to be there is
// made before, by nobody confined.
//
// The answer is the id and "ok", the name of the error, or "killed". An answer that
// begins with "?" says that the act could not be tried.
package main

import (
	"bufio"
	"errors"
	"fmt"
	"os"
	"os/signal"
	"runtime"
	"strconv"
	"strings"
	"syscall"
	"time"

	"golang.org/x/sys/unix"
)

// The first thread stays with main: a goroutine that was confined ends its thread,
// and the first one cannot be ended.
func init() { runtime.LockOSThread() }

func main() {
	ignoreSignals()
	switch {
	case len(os.Args) < 2:
		fmt.Fprintln(os.Stderr, "usage: act VERB ARG... | act - <acts")
		os.Exit(2)
	case os.Args[1] == "-":
		if err := acts(); err != nil {
			fmt.Fprintln(os.Stderr, "act:", err)
			os.Exit(1)
		}
	default:
		fmt.Println(here(os.Args[1:]))
	}
}

// ignoreSignals makes signals that were let through harmless, here and in what is
// started from here. SIGCHLD has to stay, for children are waited for.
func ignoreSignals() {
	for s := syscall.Signal(1); s <= 64; s++ {
		if s != syscall.SIGCHLD && s != syscall.SIGURG {
			signal.Ignore(s)
		}
	}
}

// here does an act in this process, which is confined already.
func here(words []string) string {
	a, err := parse(words)
	if err != nil {
		return trouble(err)
	}
	return answer(a.do(a.args))
}

// acts does the acts that standard input lists.
func acts() error {
	// Without a limit of locked memory no capability is needed to lock some.
	if err := unix.Setrlimit(unix.RLIMIT_MEMLOCK, &unix.Rlimit{}); err != nil {
		return err
	}
	in := bufio.NewScanner(os.Stdin)
	for in.Scan() {
		words := strings.Fields(in.Text())
		if len(words) < 3 {
			return fmt.Errorf("no act: %q", in.Text())
		}
		for i, w := range words {
			var err error
			if words[i], err = decode(w); err != nil {
				return err
			}
		}
		done, started := make(chan string, 1), make(chan int, 1) // no act has two peers
		go func() {
			runtime.LockOSThread() // for good: the thread ends with the goroutine
			done <- one(words[0], words[1], words[2:], started)
		}()
		select {
		case a := <-done:
			fmt.Println(words[0], a)
		case <-time.After(10 * time.Second):
			fmt.Println(words[0], "?no end")
		}
		select {
		case pid := <-started:
			unix.Kill(pid, unix.SIGKILL)
			unix.Wait4(pid, nil, 0, nil)
		default:
		}
	}
	return in.Err()
}

// decode replaces %XX by the byte.
func decode(word string) (string, error) {
	var b []byte
	for i := 0; i < len(word); i++ {
		if word[i] != '%' {
			b = append(b, word[i])
			continue
		}
		if i+2 >= len(word) {
			return "", fmt.Errorf("%q: cut escape", word)
		}
		n, err := strconv.ParseUint(word[i+1:i+3], 16, 8)
		if err != nil {
			return "", fmt.Errorf("%q: %w", word, err)
		}
		b = append(b, byte(n))
		i += 2
	}
	return string(b), nil
}

// answer is one word for the outcome of an act.
func answer(err error) string {
	var errno syscall.Errno
	switch {
	case err == nil:
		return "ok"
	case errors.As(err, &errno):
		return unix.ErrnoName(errno)
	}
	return trouble(err)
}

func trouble(err error) string { return "?" + strings.ReplaceAll(err.Error(), "\n", " ") }
