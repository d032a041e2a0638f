// A Slack bot on slack-go, a client that neither Slack nor this project wrote. It prints what it understood, a line each.
package main

import (
	"bufio"
	"fmt"
	"os"
	"strings"
	"time"

	"github.com/slack-go/slack"
	"github.com/slack-go/slack/slackevents"
	"github.com/slack-go/slack/socketmode"
)

type bot struct {
	api    *slack.Client
	socket *socketmode.Client
}

func main() {
	api := slack.New(
		os.Getenv("SLACK_BOT_TOKEN"),
		slack.OptionAppLevelToken(os.Getenv("SLACK_APP_TOKEN")),
		slack.OptionAPIURL(os.Args[1]),
	)
	peer := bot{api, socketmode.New(api, socketmode.OptionPingInterval(2*time.Second))}
	who, err := api.AuthTest()
	if err != nil {
		fmt.Println("REFUSED", err)
		os.Exit(1)
	}
	fmt.Println("READY", who.TeamID, who.UserID, who.BotID)
	go peer.listen()
	go func() {
		if err := peer.socket.Run(); err != nil {
			fmt.Println("STOPPED", err)
		}
	}()
	// The other side ends this program by closing its input.
	bufio.NewReader(os.Stdin).ReadString('\n')
}

func (b bot) listen() {
	for event := range b.socket.Events {
		switch event.Type {
		case socketmode.EventTypeConnected:
			fmt.Println("CONNECTED")
		case socketmode.EventTypeHello:
			fmt.Println("HELLO", event.Request.NumConnections, event.Request.ConnectionInfo.AppID)
		case socketmode.EventTypeConnectionError:
			fmt.Println("UNCONNECTED", event.Data)
		case socketmode.EventTypeErrorBadMessage:
			fmt.Println("UNREADABLE", event.Data)
		case socketmode.EventTypeSlashCommand:
			b.command(event.Data.(slack.SlashCommand), *event.Request)
		case socketmode.EventTypeInteractive:
			b.interaction(event.Data.(slack.InteractionCallback), *event.Request)
		case socketmode.EventTypeEventsAPI:
			b.event(event.Data.(slackevents.EventsAPIEvent), *event.Request)
		}
	}
}

func plain(text string) *slack.TextBlockObject {
	return slack.NewTextBlockObject(slack.PlainTextType, text, false, false)
}

func (b bot) command(command slack.SlashCommand, request socketmode.Request) {
	b.socket.Ack(request, map[string]interface{}{"text": "heard " + command.Text})
	fmt.Println("COMMAND", command.Command, command.Text, command.TeamID, command.UserID, command.ChannelName)
	word, rest, _ := strings.Cut(command.Text, " ")
	switch word {
	case "status":
		b.status(command.ChannelID)
	case "history":
		b.history(command.ChannelID)
	case "look":
		b.look(command.UserID)
	case "whisper":
		_, err := b.api.PostEphemeral(command.ChannelID, command.UserID, slack.MsgOptionText("psst", false))
		tell(err)
	case "dm":
		channel, _, _, err := b.api.OpenConversation(&slack.OpenConversationParameters{Users: []string{command.UserID}})
		if err == nil {
			_, _, err = b.api.PostMessage(channel.ID, slack.MsgOptionText("in private", false))
		}
		tell(err)
	case "try":
		_, _, err := b.api.PostMessage(rest, slack.MsgOptionText("tried", false))
		tell(err)
	}
}

func tell(err error) {
	if limited, ok := err.(*slack.RateLimitedError); ok {
		fmt.Println("LIMITED", limited.RetryAfter)
	} else if err != nil {
		fmt.Println("REFUSED", err)
	} else {
		fmt.Println("DONE")
	}
}

func (b bot) status(channel string) {
	text := slack.NewTextBlockObject(slack.MarkdownType, "*RUNNING* &amp; well", false, false)
	button := slack.NewButtonBlockElement("refresh", "r1", plain("Refresh"))
	button.Confirm = slack.NewConfirmationBlockObject(plain("Sure?"), plain("Again?"), plain("Yes"), plain("No"))
	_, _, err := b.api.PostMessage(
		channel,
		slack.MsgOptionText("RUNNING", false),
		slack.MsgOptionBlocks(
			slack.NewSectionBlock(text, nil, nil),
			slack.NewActionBlock("row", button, slack.NewButtonBlockElement("ask", "a1", plain("Ask"))),
		),
		slack.MsgOptionMetadata(slack.SlackMetadata{
			EventType:    "delivery",
			EventPayload: map[string]interface{}{"id": "d1"},
		}),
		slack.MsgOptionDisableLinkUnfurl(),
	)
	tell(err)
}

func (b bot) history(channel string) {
	page, err := b.api.GetConversationHistory(&slack.GetConversationHistoryParameters{
		ChannelID: channel, Limit: 100, IncludeAllMetadata: true,
	})
	if err != nil {
		fmt.Println("REFUSED", err)
		return
	}
	for _, message := range page.Messages {
		if id, ok := message.Metadata.EventPayload["id"]; ok {
			fmt.Println("HISTORY", message.Metadata.EventType, id, message.BotID, len(message.Blocks.BlockSet))
		}
	}
}

func (b bot) look(user string) {
	about, err := b.api.GetUserInfo(user)
	if err != nil {
		fmt.Println("REFUSED", err)
		return
	}
	fmt.Println("PERSON", about.Name, about.TeamID, about.IsRestricted, about.IsUltraRestricted, about.IsStranger, about.Deleted)
}

func (b bot) interaction(callback slack.InteractionCallback, request socketmode.Request) {
	if callback.Type == slack.InteractionTypeViewSubmission {
		digits := callback.View.State.Values["code"]["digits"].Value
		fmt.Println("SUBMITTED", callback.View.CallbackID, digits, callback.User.ID)
		if digits != "123456" {
			b.socket.Ack(request, slack.NewErrorsViewSubmissionResponse(map[string]string{"code": "wrong"}))
			return
		}
		b.socket.Ack(request)
		return
	}
	b.socket.Ack(request)
	for _, action := range callback.ActionCallback.BlockActions {
		fmt.Println("PRESSED", action.ActionID, action.Value, action.BlockID, callback.User.ID, callback.Team.ID, callback.Container.MessageTs == callback.Message.Timestamp)
		if action.ActionID == "ask" {
			b.ask(callback.TriggerID)
			continue
		}
		_, _, _, err := b.api.UpdateMessage(callback.Channel.ID, callback.Message.Timestamp, slack.MsgOptionText("refreshed by "+callback.User.Name, false))
		tell(err)
	}
}

func (b bot) ask(trigger string) {
	input := slack.NewInputBlock("code", plain("Six digits"), nil, slack.NewPlainTextInputBlockElement(nil, "digits"))
	_, err := b.api.OpenView(trigger, slack.ModalViewRequest{
		Type: slack.VTModal, CallbackID: "step", Title: plain("Your code"), Submit: plain("Send"),
		Blocks: slack.Blocks{BlockSet: []slack.Block{input}},
	})
	tell(err)
}

func (b bot) event(outer slackevents.EventsAPIEvent, request socketmode.Request) {
	b.socket.Ack(request)
	switch event := outer.InnerEvent.Data.(type) {
	case *slackevents.AppMentionEvent:
		fmt.Println("MENTION", outer.TeamID, event.User, event.Channel, request.RetryAttempt, request.RetryReason)
		_, _, err := b.api.PostMessage(event.Channel, slack.MsgOptionText("seen", false), slack.MsgOptionTS(event.TimeStamp))
		tell(err)
	case *slackevents.MessageEvent:
		fmt.Println("MESSAGE", event.ChannelType, event.User, event.Text)
	}
}
