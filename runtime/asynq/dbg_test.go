package asynq
import ("testing";"time";"errors";"github.com/bggen/bggen/runtime")
func TestDbg(t *testing.T){
 f := &failure{runtime.RetryAfter(errors.New("x"),1200*time.Millisecond), runtime.Call{}, 1, time.Time{}}
 f.next=time.Now().Add(f.delay())
 t.Log(time.Now(), f.delay(), f.next, retryDelay(0,f,nil))
}
